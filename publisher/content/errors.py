"""The one error of this room."""


class ContentError(ValueError):
    """The body cannot be taken as it is; the sentence says where and the mend."""
