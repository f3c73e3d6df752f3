# ruff: noqa: RUF001 (look-alike letters are what is tested)
"""A phrase is found however it is written, in the letters of many languages, and its place is the text as typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.checks import CheckedClause, Post, compile_checks

PHRASES = {
    "Arabic": "ربح مضمون",
    "Chinese": "保证收益",
    "Czech": "příliš žluťoučký kůň",
    "French": "réduction garantie",
    "German": "streng geheime Größe",
    "Greek": "εγγυημένη απόδοση",
    "Hebrew": "רווח מובטח",
    "Hindi": "गारंटी वाला मुनाफा",
    "Hungarian": "biztos nyereség őz",
    "Italian": "perché è sicuro",
    "Japanese": "元本保証",
    "Korean": "수익 보장",
    "Polish": "żółta łódź",
    "Portuguese": "promoção relâmpago",
    "Romanian": "câștig garantat",
    "Russian": "гарантированная прибыль",
    "Spanish": "ganancia segura año",
    "Swedish": "säker avkastning",
    "Thai": "รับประกันกำไร",
    "Turkish": "İstanbul ışık",
    "Ukrainian": "гарантований прибуток їжак",
    "Vietnamese": "lợi nhuận đảm bảo",
}


def camel(phrase):
    return "".join(word[:1].upper() + word[1:] for word in phrase.split())


def wide(phrase):
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in phrase)


DISGUISES = {
    "as it is": lambda phrase: phrase,
    "upper case": str.upper,
    "lower case": str.lower,
    "composed": lambda phrase: unicodedata.normalize("NFC", phrase),
    "decomposed": lambda phrase: unicodedata.normalize("NFD", phrase),
    "compatible": lambda phrase: unicodedata.normalize("NFKC", phrase),
    "full width": wide,
    "zero-width spaces": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "variation selectors": "\ufe0f".join,
    "embedded": lambda phrase: f"\u202a{phrase}\u202c",
    "no-break spaces": lambda phrase: phrase.replace(" ", "\u00a0"),
    "line breaks": lambda phrase: phrase.replace(" ", "\n"),
    "Windows line breaks": lambda phrase: phrase.replace(" ", "\r\n"),
    "wide gaps": lambda phrase: phrase.replace(" ", "   "),
    "hyphens": lambda phrase: phrase.replace(" ", "-"),
    "underscores": lambda phrase: phrase.replace(" ", "_"),
    "stars": lambda phrase: phrase.replace(" ", " ** "),
    "emoji": lambda phrase: phrase.replace(" ", "🔥"),
    "spaced emoji": lambda phrase: phrase.replace(" ", " 🔥 "),
    "CamelCase": camel,
    "hashtag": lambda phrase: "#" + camel(phrase),
    "small hashtag": lambda phrase: "#" + phrase.replace(" ", "").lower(),
    "joined hashtag": lambda phrase: "#" + phrase.replace(" ", "_"),
}


def screener_for(phrase, *more):
    check = {
        "name": "said",
        "kind": "claims",
        "category": "style",
        "severity": "review",
        "message": "Found.",
        "params": {"phrases": [phrase, *more]},
    }
    return compile_checks([CheckedClause("said", 1, [check])])


def quotes(screener, text):
    found = [one for one in screener.screen(Post(text)).findings if one.check == "said"]
    return [text[one.start : one.end] for one in found]


@pytest.mark.parametrize("language", PHRASES)
def test_no_disguise_hides_a_phrase_in_any_language(language):
    screener = screener_for(PHRASES[language])
    for name, disguise in DISGUISES.items():
        written = disguise(PHRASES[language])
        told = quotes(screener, f"Xy: {written} okay.")
        assert len(told) == 1, (name, told)
        assert told[0].strip("#\u202c") == written.strip("#\u202a\u202c"), name


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("art show", "The start showed promise."),
        ("sure gain", "We sat there, sure. Gain weight? Never."),
        ("sure gain", "They were sure, gain or not."),
        ("100% safe", "Chapter 100, safe places."),
        ("#1", "There was 1 of them."),
        ("मुनाफा", "मुनाफे की बात"),
        ("กำไร", "กำไล"),
    ],
    ids=["within words", "over a full stop", "over a comma", "sign left out", "bare digit", "other vowel",
         "other ending"],
)  # fmt: skip
def test_what_only_looks_like_a_phrase_is_not_found(phrase, text):
    assert quotes(screener_for(phrase), text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [("guarantees", ["guarantees"]), ("no guarantee", ["guarantee"]), ("unguaranteed", [])],
)
def test_a_star_stands_for_any_ending(text, told):
    found = quotes(screener_for("guarantee*"), text)
    assert [quote[: len("guarantee")] for quote in found] == [
        quote[: len("guarantee")] for quote in told
    ]


ALPHABETS = [
    (0x61, 0x24F),
    (0x370, 0x3FF),
    (0x410, 0x45F),
    (0x5D0, 0x5EA),
    (0x620, 0x64A),
    (0x904, 0x939),
    (0x3041, 0x30FA),
]
WORDS = st.one_of(
    *(
        st.lists(
            st.text(
                st.characters(
                    min_codepoint=first, max_codepoint=last, categories=["Lu", "Ll", "Lo"]
                ),
                min_size=2,
                max_size=8,
            ),
            min_size=1,
            max_size=3,
        )
        for first, last in ALPHABETS
    )
)


@given(
    WORDS,
    st.sampled_from(["as it is", "composed", "decomposed", "line breaks", "emoji"]),
    st.data(),
)
def test_any_phrase_is_found_as_typed_wherever_it_stands(words, disguise, data):
    written = DISGUISES[disguise](" ".join(words))
    before = data.draw(st.sampled_from(["", "So: ", "We said it.\n\n", "🔥 "]))
    assert quotes(screener_for(" ".join(words)), f"{before}{written} okay.")
