"""Posts of the demonstration company, and what becomes of each."""

from collections.abc import Callable
from dataclasses import dataclass

from clause_library.checks.model import Medium

from . import pictures


@dataclass(frozen=True)
class DemoPost:
    """``fate`` names the last step that is taken; see `config.demo.company.settle`.

    ``fine`` is what the reviewer says where a finding was wrong; ``missed`` what none noticed, and the check for it.
    """

    fate: str
    text: str
    channel: str = "Own LinkedIn"
    note: str = ""
    reason: str = ""
    author: str = ""  # whoever is picked
    fine: str = ""
    reworded: str = ""  # by its reviewer, where the fate is "offered"
    missed: tuple[str, ...] = ()  # words of the post, clause, check
    media: tuple[tuple[Medium, Callable], ...] = ()  # what is said of each, and what draws it
    stands: str = ""  # what its author found published, where that is something else
    appeal: str = ""


ADVERT = "Our desk in Denver is open on Saturdays until the end of the month. Bring your questions."
PROMISE = "Our app never fails and it will save your team money, guaranteed. Ask me for a demo!"

# What lies on the shelf: title, cleared text, the same with its places marked, the longest own first sentence.
SHELF = [
    (
        "Come to our stand at the fair",
        "Come and say hello to Mia at our stand at the trade fair in Denver. I work at Acme.",
        "Come and say hello to {name} at our stand at the trade fair in {city}. I work at Acme.",
        80,
    ),
    (
        "Our open day",
        "Our open day is on Saturday, and there is cake. I work at Acme.",
        "Our open day is on Saturday, and there is cake. I work at Acme.",
        0,
    ),
]

POSTS = [
    DemoPost(
        "published",
        "We ran our first accessibility day at the office. I learned more in six hours than in a year.",
    ),
    DemoPost(
        "published",
        "Three things I learned from my first year as a manager: listen, write it down, go home on time.",
    ),
    DemoPost("published", "The best part of my job at Acme is my team."),
    DemoPost(
        "published",
        "Looking forward to speaking about colour contrast at the town library on Thursday. Come and say hello!",
    ),
    DemoPost("cleared", "Our office dog learned to open the fridge. We are doomed."),
    DemoPost("cleared", "I work at Acme, and I am proud of what the team built this year."),
    DemoPost(
        "cleared", "We are looking for a second front-end engineer. Ask me anything about the work."
    ),
    DemoPost(
        "cleared",
        "Thank you to everyone who came to the open day. The cake is gone, the ideas stay.",
    ),
    DemoPost("cleared", "A good read on writing for people who skim: https://example.org/skim"),
    DemoPost(
        "cleared", "Volunteering at the food bank again this Saturday with half of our floor."
    ),
    DemoPost("cleared", "Small joys: the new tram stop outside our office opens today."),
    DemoPost(
        "cleared", "I wrote down how we run retrospectives without tears. Link in the comments."
    ),
    DemoPost(
        "cleared",
        "Two years ago I joined as a trainee. Today I ran my first release. Thank you, team.",
    ),
    DemoPost(
        "clear",
        "The new Acme router is out today and it is the best thing we have made.",
        note="Launch day, marketing knows.",
    ),
    DemoPost(
        "clear",
        "Our customers save hours every week with the Acme accounting app.",
        reason="The saving is documented in the 2025 customer study.",
    ),
    DemoPost(
        "clear",
        "We beat every router on the market in range.",
        reason="Lab report of March is linked in the thread.",
    ),
    DemoPost(
        "clear",
        "Official statement from Acme: the service is back and we are sorry for the outage.",
        channel="Acme on X",
        reason="Agreed with the crisis team.",
    ),
    DemoPost(
        "clear",
        "Win one of five Acme kettles. Ends on Friday. Rules: https://acme.example/rules",
        channel="Acme on X",
        reason="Rules are published and complete.",
    ),
    DemoPost(
        "publish_cleared",
        "Our packaging now uses 40% less plastic than in 2024, measured by an outside lab: https://acme.example/packaging",
        channel="Acme on X",
    ),
    DemoPost(
        "publish_cleared",
        "I work at Acme. Our new earbuds are here, and I have worn nothing else for a month.",
    ),
    DemoPost(
        "send_back",
        "Our app never fails and it will save you money, guaranteed.",
        reason="Nobody can promise that. Say what it did for you instead.",
    ),
    DemoPost(
        "send_back",
        "Six months of evenings went into Project Larkspur. I cannot wait to show you.",
        reason="Lovely work. Leave the name out until it is public, then tell us all of it.",
    ),
    DemoPost(
        "send_back",
        "Had a great workshop with our biggest customer today!",
        reason="They have not agreed to be named or hinted at. Leave out “biggest”.",
    ),
    DemoPost(
        "send_back",
        "Globex kettles break after a month. Ours do not.",
        reason="Speak for our kettles; leave theirs alone unless you can prove it.",
    ),
    DemoPost(
        "decline",
        "Just saw our Q3 numbers and wow, we are going to beat guidance on Thursday.",
        reason="Results that are not out yet can move the share price.",
    ),
    DemoPost(
        "decline",
        "We will definitely win the Globex lawsuit, their claim is a joke.",
        reason="We do not talk about cases that are before a court.",
    ),
    DemoPost(
        "in_review", "You will love the new Acme blender. Best smoothies in town, go get one!"
    ),
    DemoPost("in_review", "Acme fully supports the bike lane plan. Vote yes on Tuesday."),
    DemoPost(
        "in_review",
        "Our income fund is guaranteed to return 10% a year. Ask me how.",
        channel="Acme Securities page",
    ),
    DemoPost(
        "in_review",
        "Up 22% last year, and there is every reason that it will do the same again.",
        channel="Acme Securities page",
    ),
    DemoPost("in_review", "Throw away your inhaler: our salt lamp treats asthma."),
    DemoPost(
        "in_review", "Our unit cost for the X200 is 41 dollars and we sell it for 399. Not bad."
    ),
    DemoPost("in_review", "Only 2 left! (We say that every day, it works.)", channel="Acme on X"),
    DemoPost(
        "in_review", "Grabbed this photo from an image search for our spring banner, looks great."
    ),
    DemoPost(
        "in_review",
        "Open day at the depot. Thank you to everyone who came by.",
        media=(
            (
                Medium("Visitors stand around a red electric van in our depot.", "own"),
                pictures.van_in_the_depot,
            ),
            (Medium("", "own", "with_consent"), pictures.child_with_a_helmet),
        ),
    ),
    DemoPost("revised", "The new Acme speaker is the loudest ever made."),
    DemoPost("withdraw", "Five stars for the Acme X200 from somebody who tried them all."),
    DemoPost("withdraw", "Our free webinar on Tuesday explains how routers talk to each other."),
    DemoPost(
        "recall",
        "Acme's summer sale starts today: half price on every kettle.",
        channel="Acme on X",
        reason="The price list was wrong. A corrected post follows.",
    ),
    DemoPost(
        "recall",
        "Meet the team behind our helpline.",
        reason="One colleague in the picture asked not to be shown.",
    ),
    DemoPost("lapse", "See you at the trade fair this morning, hall 4, stand 12!"),
    DemoPost(
        "handed_over", "Our cream is clinically proven to reverse ageing with no side effects."
    ),
    DemoPost(
        "published",
        "Acme fully supports parents. Half of the office was at the school play today.",
        author="Ada Ahmed",
        fine="She tells of her own week. Nobody takes it for a statement of ours.",
    ),
    DemoPost(
        "clear",
        "Official statement from my cat: the home office stays open.",
        author="Ada Ahmed",
        fine="It is a joke, and the cat works for nobody.",
    ),
    DemoPost(
        "clear",
        "Acme strongly supports naps, says our office dog.",
        author="Ada Ahmed",
        fine="A joke about the dog.",
    ),
    DemoPost(
        "published",
        "Acme fully supports parents. Second year in a row that I made the school play!",
        author="Ada Ahmed",
    ),
    DemoPost(
        "published",
        "Our new kettle earns its price back within a month, believe me.",
        missed=("earns its price back within a month", "claims-and-promises", "earnings-claim"),
    ),
    DemoPost(
        "offered",
        "I work at Acme. Our new herbal tea cures asthma.",
        reason="“Cures” is a claim about health that nobody has tested. Your own evenings need no test.",
        author="Ada Ahmed",
        reworded="I work at Acme. Our new herbal tea has kept me warm all winter.",
    ),
    DemoPost(
        "published_otherwise",
        "Our repair café is back in March. Bring what is broken, we bring the tools.",
        author="Ada Ahmed",
        stands="Our repair café is back in May. Bring what is broken, we bring the tools.",
    ),
    DemoPost(
        "appeal",
        "We will definitely win the Globex lawsuit, and then there is cake.",
        reason="We do not talk about cases that are before a court.",
        appeal="The verdict was in the newspaper yesterday: we have won.",
    ),
]
