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
from .wording import (
    Claims,
    Competitors,
    Health,
    InsideInformation,
    PromotionTerms,
    Respect,
    Rights,
    Secrets,
    SpeakingForCompany,
    Tone,
)

KINDS = {
    "disclosure": Disclosure,
    "claims": Claims,
    "personal_data": Identifiers,
    "secrets": Secrets,
    "credentials": Credentials,
    "listed_names": ListedNames,
    "inside_information": InsideInformation,
    "quiet_period": Quiet,
    "respect": Respect,
    "competitors": Competitors,
    "rights": Rights,
    "speaking_for_company": SpeakingForCompany,
    "promotion_terms": PromotionTerms,
    "health": Health,
    "meaning": Meaning,
    "media": Media,
    "links": Links,
    "hidden_text": HiddenText,
    "channel_fit": ChannelFit,
    "tone": Tone,
}
