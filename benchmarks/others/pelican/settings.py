"""Pelican set so that it makes what our website makes, as far as it can."""

AUTHOR = "辛集市人民政府办公室"
SITENAME = "辛集市人民政府"
SITEURL = "http://example.org"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-CN"
PATH = "content"
THEME = "theme"
THEME_STATIC_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
PLUGINS: list[str] = []
LOG_FILTER: list[tuple[int, str]] = []
SLUGIFY_USE_UNICODE = True
MARKDOWN = {
    "extensions": ["markdown.extensions.tables", "markdown.extensions.sane_lists"],
    "output_format": "html5",
}

ARTICLE_URL = ARTICLE_SAVE_AS = "{date:%Y}/{slug}.html"
INDEX_SAVE_AS = "catalogue/index.html"
CATEGORY_URL = CATEGORY_SAVE_AS = "list/field/{slug}/index.html"
AUTHOR_URL = AUTHOR_SAVE_AS = "list/department/{slug}/index.html"
TAG_URL = TAG_SAVE_AS = "list/topic/{slug}/index.html"  # topics, and stages among them
YEAR_ARCHIVE_URL = YEAR_ARCHIVE_SAVE_AS = "list/year/{date:%Y}/index.html"
ARCHIVES_SAVE_AS = AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = TAGS_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "sitemap"]
SITEMAP_SAVE_AS = "sitemap.xml"
PAGINATED_TEMPLATES = dict.fromkeys(("index", "category", "author", "tag", "period_archives"))
DEFAULT_PAGINATION = 20

FEED_ALL_ATOM, FEED_ALL_RSS = "atom.xml", "rss.xml"
CATEGORY_FEED_ATOM = "list/field/{slug}/atom.xml"
CATEGORY_FEED_RSS = "list/field/{slug}/rss.xml"
AUTHOR_FEED_ATOM = "list/department/{slug}/atom.xml"
AUTHOR_FEED_RSS = "list/department/{slug}/rss.xml"
TAG_FEED_ATOM = "list/topic/{slug}/atom.xml"
TAG_FEED_RSS = "list/topic/{slug}/rss.xml"
TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 30  # ours have 20 to 39
RSS_FEED_SUMMARY_ONLY = False
