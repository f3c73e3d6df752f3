"""Acme's social media policy, a cleared post by Kim Lee, and her receipt: real enough to look at."""

import pytest

DIGEST = "9f2c4e7a1b3d5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8"
KEY = {"name": "acme.example/ledger", "fingerprint": DIGEST}
NUMBER = "3f2a9c1d04b84e6fa7d25c9e81b0f364"


def provision(number: str, title: str, body: str, **more: object) -> dict:
    """One provision; what a test does not say is empty."""
    anchor = title.lower().replace(" ", "-").replace("'", "")
    return {
        "number": number,
        "anchor": anchor,
        "clause": anchor,
        "version": 1,
        "digest": DIGEST,
        "title": title,
        "html": "".join(f"<p>{part}</p>" for part in body.split("\n")),
        "text": body,
        "short": f"{title}.",
        "why": "",
        "do": [],
        "dont": [],
        "citations": [],
        "because": "Every policy says it.",
    } | more


SECTIONS = [
    (
        "Start here",
        [
            provision(
                "1.1",
                "Why we have this policy",
                "We want you to talk about your work. People trust people more than they trust ads.\n"
                "This policy tells you what is fine, what needs a second look, and what to leave out. "
                "If you follow it, Acme stands behind you.",
                short="We want you to take part, and we stand behind you when you follow this.",
                why="A policy that only forbids teaches people to stay silent. We would rather you spoke.",
            ),
            provision(
                "1.2",
                "Your rights come first",
                "Nothing here limits your right to talk about pay, hours, safety or working conditions, "
                "to join with co-workers, or to report wrongdoing. You need no clearance for that, and "
                "nobody at Acme may hold, decline or store it.",
                short="Talk about pay, hours, safety and unions freely: no clearance needed.",
                why="The law protects this speech, and so do we.",
                do=[
                    "Compare pay with co-workers, in public or in private.",
                    "Report a safety problem to anyone you choose.",
                ],
                dont=["Ask a co-worker to take down a post about working conditions."],
                citations=[
                    {
                        "instrument": "29 U.S.C.",
                        "section": "157",
                        "says": "Employees may act together for mutual aid and protection.",
                    }
                ],
            ),
            provision(
                "1.3",
                "Who this covers",
                "This policy covers everyone on Acme's payroll, and people at agencies who post for us.",
                short="It covers all employees, and agencies that post for us.",
            ),
        ],
    ),
    (
        "Speaking as yourself",
        [
            provision(
                "2.1",
                "Say who you work for",
                "When you praise our products or comment on our trade, say near the start that you work "
                "at Acme. Plain words are best. A tag at the end, or a line in your profile, is not enough.",
                short="If you praise our products, say near the start that you work here.",
                why="Readers weigh praise differently when they know who is talking. The law asks for it too.",
                do=[
                    "“I work at Acme, and I'm proud of the new Model 3 kettle ☕”",
                    "“(Acme employee here.) The lid does come off for cleaning.”",
                ],
                dont=[
                    "“Best kettle ever!!! #acme #ad” with the job only in your profile.",
                    "Ask family to post the praise for you.",
                ],
                citations=[
                    {
                        "instrument": "16 CFR",
                        "section": "255.5",
                        "says": "A connection that readers would not expect must be disclosed clearly.",
                    }
                ],
            ),
            provision(
                "2.2",
                "Speak for yourself",
                "Unless you have been asked to speak for Acme, write as you. Say “I”, not “we”. If a "
                "journalist writes to you, pass it to <a href='mailto:press@acme.example'>"
                "press@acme.example</a>.",
                short="Write as “I”. Pass journalists to the press team.",
                why="A personal view that sounds official can bind the company, or mislead a reader.",
                do=["“I think the new timetable helps.”"],
                dont=["“We at Acme believe…”, unless that is your job."],
            ),
            provision(
                "2.3",
                "Be decent",
                "Do not harass, threaten or degrade anyone. Strong opinions are welcome. Attacks on people "
                "for who they are are not.",
                short="Disagree with ideas; never attack people for who they are.",
                why="What you post about a colleague reaches them at work.",
                do=["Argue with the point that was made."],
                dont=[
                    "Post someone's private address.",
                    "Threaten or stalk anyone, even as a joke.",
                ],
            ),
        ],
    ),
    (
        "What to keep in",
        [
            provision(
                "3.1",
                "Results and deals",
                "Do not post about results, forecasts or deals before Acme has made them public. In the "
                "four weeks before results we say nothing about how business is going:"
                "\nno hints, no emoji, no likes of guesses.",
                short="No results, forecasts or deals before they are public.",
                why="Even a hint can move the price, and that is market abuse.",
                do=["Share the press release once it is out."],
                dont=["“Big news on Thursday 📈👀”"],
                citations=[
                    {
                        "instrument": "17 CFR",
                        "section": "243.100",
                        "says": "Material facts go to everyone at once.",
                    }
                ],
            ),
            provision(
                "3.2",
                "Secrets and what is not secret",
                "Source code, unreleased products, customer lists and plans marked confidential are secret. "
                "Your pay, your hours, your manager's name and how you feel about work are not.",
                short="Keep code, plans and customer lists in. Your own working life is yours.",
                why="Drawn narrowly on purpose: a wide rule would silence speech that the law protects.",
                do=["“Our team ships every Tuesday.”"],
                dont=[
                    "A photo of the whiteboard behind you.",
                    "The name of a customer who has not agreed.",
                ],
            ),
        ],
    ),
    (
        "How we back you",
        [
            provision(
                "4.1",
                "We stand behind cleared posts",
                "If your post was cleared and you posted those words, on those channels, in that time, then "
                "Acme stands behind it. We will not punish you for it, we will answer for it in public, and "
                "we will pay for its defence.",
                short="A cleared post is ours too: we answer for it with you.",
                why="You took the trouble to ask. The risk is then ours, not yours.",
            ),
            provision(
                "4.2",
                "Mistakes",
                "Everyone makes mistakes. Fix it, tell us, and we help. Nobody is punished for an honest "
                "mistake that they report.",
                short="Made a mistake? Fix it, tell us, we help.",
                do=["Correct the post openly, and say what changed."],
                dont=["Delete it and hope."],
            ),
        ],
    ),
]


@pytest.fixture
def snapshot() -> dict:
    return sample_snapshot()


def sample_snapshot() -> dict:
    """Edition 4 of the policy of Acme, with its cards and citations."""
    sections = [
        {"number": str(n), "title": title, "provisions": provisions}
        for n, (title, provisions) in enumerate(SECTIONS, 1)
    ]
    return {
        "format": "countersign/edition/1",
        "policy": {
            "title": "Social media policy",
            "company": "Acme Kettles, Inc.",
            "playbook": "general-employer-us",
            "profile": "general",
            "jurisdiction": "us",
            "language": "en",
        },
        "edition": {
            "number": 4,
            "in_force_from": "2026-12-01",
            "approved_by": "Rosa Diaz, General Counsel",
            "approved_on": "2026-11-20",
        },
        "answers": {"company_name": "Acme Kettles, Inc."},
        "summary": [
            {key: p[key] for key in ("number", "anchor", "short")}
            for section in sections
            for p in section["provisions"]
        ],
        "sections": sections,
        "left_out": [{"clause": "giveaways", "title": "Giveaways", "because": "You run none."}],
        "signing_key": KEY,
    }


@pytest.fixture
def backing_record() -> dict:
    return sample_backing_record()


def sample_backing_record() -> dict:
    """Kim's kettle post, cleared by comms after one finding was settled."""
    return {
        "format": "countersign/backing-record/1",
        "number": NUMBER,
        "company": "Acme Kettles, Inc.",
        "author": {"name": "Kim Lee", "unit": "Field Marketing", "relation": "employee"},
        "text": "I work at Acme, and today the Model 3 kettle leaves the test lab ☕🎉\n\n"
        "Three years, 412 prototypes and one very patient test team. It boils a cup in 48 "
        "seconds: we measured it, here is how → https://acme.example/model-3-test\n\n"
        "Thank you, Zoë, Łukasz and 王小明 👏🏽\n\n#kettles #engineering",
        "text_digest": {"exact": DIGEST, "folded": DIGEST[::-1]},
        "media": [],
        "channels": [
            {"name": "Kim Lee, personal", "network": "LinkedIn"},
            {"name": "@kimlee", "network": "Mastodon"},
        ],
        "window": {"from": "2026-12-02T09:00:00Z", "until": "2027-03-02T09:00:00Z"},
        "cleared_at": "2026-12-02T08:41:12Z",
        "revision": 2,
        "edition": {
            "policy": "Social media policy",
            "number": 4,
            "digest": DIGEST,
            "in_force_from": "2026-12-01",
        },
        "provisions": [
            {
                "number": "2.1",
                "title": "Say who you work for",
                "clause": "say-who-you-work-for",
                "version": 1,
                "words": "When you praise our products or comment on our trade, say near "
                "the start that you work at Acme.",
            },
            {
                "number": "4.1",
                "title": "We stand behind cleared posts",
                "clause": "backing",
                "version": 1,
                "words": "If your post was cleared and you posted those words, on those "
                "channels, in that time, then Acme stands behind it.",
            },
        ],
        "findings": [
            {
                "provision": "2.1",
                "category": "disclosure",
                "severity": "fix",
                "quote": "Our Model 3 kettle",
                "message": "The post praised our product before saying that you work here.",
                "settled": "Fixed by the author in revision 2.",
            },
            {
                "provision": "3.2",
                "category": "confidential",
                "severity": "review",
                "quote": "48 seconds",
                "message": "A test result that may not be public yet.",
                "settled": "Accepted by Rex Okafor: published on 1 December.",
            },
        ],
        "reviewers": [
            {
                "name": "Rex Okafor",
                "role": "Communications reviewer",
                "authority": "Delegated by the General Counsel, 1 October 2026",
                "verdict": "cleared",
                "at": "2026-12-02T08:41:12Z",
            }
        ],
        "statement": {
            "clause": "backing",
            "version": 1,
            "words": "Acme stands behind these words. If they were posted as cleared, we "
            "answer for them, in public and in court, and we will not punish "
            "their author for them.",
        },
        "good_faith": "If you posted in good faith, a slip in form does not end this backing. Fix it "
        "when you notice, and tell us.",
        "voids": [
            "The words were changed after they were cleared.",
            "They were posted on other channels, or outside the window.",
            "The author hid a fact that would have changed the decision.",
        ],
        "recall": "not recalled",
        "check_at": "https://countersign.acme.example/check/" + NUMBER,
        "clearance_entry": 1841,
    }


@pytest.fixture
def acknowledgement() -> dict:
    return sample_acknowledgement()


def sample_acknowledgement() -> dict:
    """Kim's acknowledgement of edition 4."""
    return {
        "format": "countersign/acknowledgement/1",
        "number": NUMBER[::-1],
        "company": "Acme Kettles, Inc.",
        "person": {"name": "Kim Lee", "email": "kim.lee@acme.example", "unit": "Field Marketing"},
        "policy": {
            "title": "Social media policy",
            "edition": 4,
            "in_force_from": "2026-12-01",
            "language": "en",
            "html_sha256": DIGEST,
            "pdf_sha256": DIGEST[::-1],
        },
        "acknowledged_at": "2026-11-24T16:20:05Z",
        "box": "I have read edition 4 of the social media policy and I will follow it.",
        "button": "Acknowledge edition 4",
        "page": {"version": "1", "sha256": DIGEST},
        "sign_in": {"method": "password", "at": "2026-11-24T16:12:40Z", "session": DIGEST[:16]},
        "address": "198.51.100.23",
        "consent": {
            "words": "I agree to read and acknowledge policies on screen. I can ask for "
            "paper instead at any time.",
            "given_at": "2026-03-02T09:14:00Z",
        },
        "round": {"opened_at": "2026-11-23T09:00:00Z", "due_on": "2026-12-07"},
        "how": "sign-in",
        "check_at": "https://countersign.acme.example/check/" + NUMBER[::-1],
    }
