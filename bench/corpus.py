"""French-looking text for measuring: deterministic, invented, without meaning.

Word lengths and frequencies are what matter to a database and to a browser: words follow a Zipf-Mandelbrot law over a
made-up lexicon, sentences have the length of administrative prose. Item i depends on (seed, i) alone, so that a corpus
of 1,000 is the beginning of one of 20,000.
"""

import random
from collections.abc import Iterator
from itertools import accumulate

LEXICON = 20_000  #: different words
_ZIPF = (1.05, 15.0)  #: exponent and offset

_ONSETS = "b c ch d f g j l m n p pl pr r s t tr v br cl dr fl gr".split()
_VOWELS = "a e i o u ai au ou é è an en in on oi eu".split()
_CODAS = ("", "", "", "", "l", "r", "s", "t", "n", "c")
_ENDINGS = "tion ment age ité erie ance ier iste eur ie able ive oire ette if".split()
#: What holds a sentence together; they make two words in five, as in prose.
_SMALL = "de la le les des et à du en un une pour dans par sur avec au aux que qui ce sa leur plus".split()
_KNOWN = (
    "collectivité commune métropole territoire économie solidaire insertion marché clause coopérative association "
    "convention délibération projet atelier habitants emploi achat formation partenaire budget bilan énergie mobilité"
).split()
PLACES = (
    ("com-21231", "commune", "21231", "Dijon", 161_830),
    ("com-71076", "commune", "71076", "Chalon-sur-Saône", 45_031),
    ("com-89024", "commune", "89024", "Auxerre", 34_451),
    ("com-58194", "commune", "58194", "Nevers", 32_990),
    ("com-25056", "commune", "25056", "Besançon", 119_198),
    ("epci-242100410", "epci", "242100410", "Dijon Métropole", 257_758),
    ("dep-21", "departement", "21", "Côte-d’Or", 534_478),
    ("reg-27", "region", "27", "Bourgogne-Franche-Comté", 2_800_194),
)


class Corpus:
    def __init__(self, seed: int = 1) -> None:
        self.seed = seed
        self.words = list(_lexicon(random.Random("lexicon")))  # noqa: S311 - no secret
        exponent, offset = _ZIPF
        self._weights = list(accumulate((rank + offset) ** -exponent for rank in range(1, len(self.words) + 1)))

    def _random(self, what: str, i: int) -> random.Random:
        return random.Random(f"{self.seed}:{what}:{i}")  # noqa: S311 - no secret

    def _sentence(self, rng: random.Random, length: int) -> str:
        drawn = iter(rng.choices(self.words, cum_weights=self._weights, k=length))
        said = [rng.choice(_SMALL) if rng.random() < 0.4 else next(drawn) for _ in range(length)]
        text = " ".join(said)
        return f"{text[:1].upper()}{text[1:]}."

    def title(self, i: int) -> str:
        rng = self._random("title", i)
        return self._sentence(rng, rng.randint(5, 11))[:-1]

    def text(self, i: int, *, words: int) -> str:
        """About so many words, in paragraphs."""
        rng = self._random("text", i)
        sentences, count = [], 0
        while count < words:
            length = rng.randint(6, 24)
            sentences.append(self._sentence(rng, length))
            count += length
        return "\n\n".join(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))

    def length(self, i: int, *, median: int) -> int:
        """Of a message, in words: most are short, some are long."""
        return max(8, min(1500, int(median * self._random("length", i).lognormvariate(0, 0.7))))


def _lexicon(rng: random.Random) -> Iterator[str]:
    """The known words first: they are the most frequent."""
    seen = set(_KNOWN)
    yield from _KNOWN
    while len(seen) < LEXICON:
        syllables = [rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(rng.randint(1, 3))]
        word = "".join(syllables) + (rng.choice(_ENDINGS) if rng.random() < 0.6 else "")
        if word not in seen:
            seen.add(word)
            yield word
