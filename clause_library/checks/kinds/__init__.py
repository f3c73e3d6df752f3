"""What kinds of checks there are. Each kind takes its words and patterns from the check's ``params``."""

from .channel_fit import ChannelFit
from .credentials import Credentials
from .disclosure import Disclosure
from .hidden_text import HiddenText
from .identifiers import Identifiers
from .links import Links
from .listed_names import ListedNames
from .meaning import Meaning
from .media import Media
from .quiet_period import Quiet
from .wording import Wording

KINDS = {
    "disclosure": Disclosure,
    "claims": Wording,
    "personal_data": Identifiers,
    "secrets": Wording,
    "credentials": Credentials,
    "listed_names": ListedNames,
    "inside_information": Wording,
    "quiet_period": Quiet,
    "respect": Wording,
    "competitors": Wording,
    "rights": Wording,
    "speaking_for_company": Wording,
    "promotion_terms": Wording,
    "health": Wording,
    "meaning": Meaning,
    "media": Media,
    "links": Links,
    "hidden_text": HiddenText,
    "channel_fit": ChannelFit,
    "tone": Wording,
}
