"""The posts and phrases that are measured: made here from a seed, the same each time."""

from itertools import product
from random import Random

LENGTH = 280  # characters of a post
SEED = 20260301

_CALM = """
We had a good day at the volunteer garden on Saturday.
Twenty of us planted tomatoes, painted the old shed and fixed the gate.
Thanks to everyone who brought tools and cake.
The next session is in two weeks, and children are welcome too.
The lift in our building is being painted blue this week.
Our choir sings at the station on Friday at noon.
I learned more about gearboxes on this train ride than in a year of school.
A short thread on how I keep notes: one page a day, no more.
The new bike stands are in, right beside the north door.
Does anybody have a spare seat to the conference in Lyon?
What a view from the roof tonight 🌇
Proud of the apprentices who finished their first year today.
Here is the recipe for the lentil soup that everybody asked for.
Our reading group picks a book about rivers next month.
I gave a talk on testing today, and the questions were better than the talk.
The chess club lost again, and had the best evening in months.
Happy birthday to the colleague who still prints every map.
Three things I wish I had known when I began to paint.
The museum opens its archive to visitors on Sunday.
Das Wetter ist heute schön, und der Kaffee schmeckt.
Un grand merci à toutes les personnes qui sont venues hier.
Hoy plantamos cuarenta árboles junto al río.
If you like maps, have a look at https://maps.example/rivers before the weekend.
Slow morning, long walk, good bread. #weekend
""".strip().splitlines()

_TELLING = """
Our fund has guaranteed returns, 12% every year.
You cannot lose money with this one.
Acme's new kettle is honestly the best thing in my kitchen, go and get one!
Mail our customer maria.lopez@mail.example, she will tell you.
Win a car! Like and share to enter.
Between us: the merger with Globex closes next month.
Our record quarter will surprise the market.
This cream cures eczema in a week.
The staging password is Summer2026!
Log in to keep your account: http://192.0.2.7/acme/signin
Globex steals from its customers.
Project Falcon ships in May, you did not hear it from me.
My manager cut our overtime pay again, we should talk to the union.
The patient in bed four is a teacher from our street.
My view is the company's view: vote for the mayor.
""".strip().splitlines()

_ADJECTIVES = """
absolute amber ancient bold brittle calm certain civic clever cosmic crimson daily distant eager early endless even
exact fearless final flawless formal gentle golden grand hidden honest humble instant inner joyful keen lasting lavish
liquid loyal lunar mellow modern narrow noble outer patient perfect polar proven quick quiet rapid robust
""".split()
_NOUNS = """
advantage answer archive balance beacon benefit bridge budget canvas capital carrier channel charter circle claim
client compass contract corner crystal delivery discount dividend engine estimate factory feature forecast formula
gadget harbour horizon income invoice journal ladder margin market merger method mirror network offer outlook patent
pledge portfolio profit promise rate
""".split()
_VERBS = """
accept adjust announce approve assemble audit borrow bundle cancel collect compare compress confirm copy defend
deliver deny design double earn endorse escape exchange expand export forget freeze gather guarantee hide import
inflate inherit invent leak lease lift match merge mimic multiply narrow obtain outrun pocket polish predict promise
recall reduce
""".split()


def phrases() -> list[str]:
    """5,000 phrases of two and three words."""
    pairs = [" ".join(pair) for pair in product(_ADJECTIVES, _NOUNS)]
    return pairs + [f"{verb} the {noun}" for verb, noun in product(_VERBS, _NOUNS)]


def calm_posts(count: int) -> list[str]:
    """Posts of 280 characters in which nothing stands that a check looks for."""
    random = Random(SEED)
    return [_post(random, []) for _ in range(count)]


def posts_with(said: list[str], count: int) -> list[str]:
    """Posts of 280 characters, each with one, two or three of these words or sentences in it."""
    random = Random(SEED + 1)
    return [_post(random, random.sample(said, random.randint(1, 3))) for _ in range(count)]


def telling_posts(count: int) -> list[str]:
    """Posts in which the shipped library has something to notice."""
    return posts_with(_TELLING, count)


def mixed(calm: list[str], telling: list[str], share: float = 0.5) -> list[str]:
    """As many as there are calm ones, this share of them telling, in one random order."""
    some = round(len(calm) * share)
    posts = calm[: len(calm) - some] + telling[:some]
    Random(SEED + 2).shuffle(posts)
    return posts


def _post(random: Random, said: list[str]) -> str:
    """Calm sentences with these among them, cut at 280 characters; what is said is never cut."""
    sentences = list(said)
    room = LENGTH - sum(len(one) + 1 for one in said)
    for one in random.sample(_CALM, len(_CALM)):
        if len(one) < room:
            sentences.append(one)
            room -= len(one) + 1
    random.shuffle(sentences)
    text = " ".join(sentences)
    while len(text) < LENGTH:
        text = f"{text} {random.choice(_CALM)}"
    return text[:LENGTH]
