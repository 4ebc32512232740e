"""The shapes of WeChat's answers, as far as we read them. Anything else is not an answer."""

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """WeChat adds fields as it likes, and writes the same id now as a number, now as text."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)


class Token(Answer):
    access_token: str = Field(min_length=1, repr=False)


class UploadedImage(Answer):
    url: str = Field(pattern=r"^https?://")


class Stored(Answer):
    media_id: str = Field(min_length=1)


class Material(Stored):
    name: str = ""


class MaterialPage(Answer):
    total_count: int
    item: tuple[Material, ...] = ()


class Article(Answer):
    title: str
    content: str = ""
    content_source_url: str = ""
    thumb_media_id: str = ""
    url: str = ""
    is_deleted: bool = False


class News(Answer):
    news_item: tuple[Article, ...]


class Draft(Stored):
    content: News


class DraftPage(Answer):
    item: tuple[Draft, ...] = ()


class Submitted(Answer):
    publish_id: str = Field(min_length=1)


class PublishedUrl(Answer):
    article_url: str


class PublishedDetail(Answer):
    item: tuple[PublishedUrl, ...] = ()


class Progress(Answer):
    publish_status: int
    article_id: str = ""
    article_detail: PublishedDetail = PublishedDetail()
    fail_idx: tuple[int, ...] = ()


class Published(Answer):
    article_id: str
    content: News


class PublishedPage(Answer):
    total_count: int = 0
    item: tuple[Published, ...] = ()


class Allowance(Answer):
    daily_limit: int = Field(ge=0)
    used: int = Field(ge=0)
    remain: int = Field(ge=0)


class Allowed(Answer):
    quota: Allowance
