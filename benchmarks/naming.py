"""Made-up names in three languages: every number has one name, and no two numbers share one."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

_LATIN = ("ba", "de", "ga", "ka", "le", "mi", "no", "pa", "ra", "su", "ta", "ve", "zi", "lu", "ro", "ni")
_CYRILLIC = ("ба", "де", "га", "ка", "ле", "ми", "но", "па", "ра", "су", "та", "ве", "зи", "лу", "ро", "ни")
_LATVIAN = ("bā", "de", "ga", "ķa", "lē", "mi", "no", "pa", "ra", "šu", "ta", "vē", "zi", "ļu", "ro", "ņi")
_SPREAD = 40503  # odd, so that multiplying by it modulo a power of two maps numbers one to one
_SYLLABLES = 4
LARGEST = 16**_SYLLABLES
"""How many different names there are."""


class Names(NamedTuple):
    """One name in English, Russian and Latvian."""

    en: str
    ru: str
    lv: str


BODIES = {
    "Ministry": Names("Ministry of Education of {}", "Министерство образования {}", "{} Izglītības ministrija"),
    "School": Names("School No. 12 of {}", "Школа № 12 города {}", "{} 12. skola"),
    "LocalGovernment": Names("Akimat of {}", "Акимат {}", "{} pašvaldība"),
    "ResearchInstitute": Names("{} Institute of Education", "Институт образования {}", "{} Izglītības institūts"),
    "NonGovernmental": Names("{} Teachers' Union", "Союз учителей {}", "{} Skolotāju apvienība"),
    "CountryOffice": Names("Country Office in {}", "Страновой офис в {}", "{} birojs"),
    "Company": Names("{} Company", "Компания {}", "Uzņēmums {}"),
    "Media": Names("{} News", "Новости {}", "{} ziņas"),
}
"""Kind of organisation -> its names around a place name."""
MEETINGS = {
    "Seminar": Names("Seminar {}", "Семинар {}", "Seminārs {}"),
    "Forum": Names("Forum {}", "Форум {}", "Forums {}"),
    "Meeting": Names("Meeting {}", "Совещание {}", "Sanāksme {}"),
    "Consultation": Names("Consultation {}", "Консультации {}", "Konsultācija {}"),
    "Workshop": Names("Workshop {}", "Воркшоп {}", "Darbnīca {}"),
}
PROGRAMME = Names("{} Programme", "Программа {}", "Programma {}")
DOCUMENT = Names("{} Roadmap", "Дорожная карта {}", "{} ceļvedis")
PERSON = Names("{} Synthetic", "{} Синтетик", "{} Sintētika")
PLAIN = Names("{}", "{}", "{}")


def names(pattern: Names, number: int) -> Names:
    """The names of thing ``number`` by ``pattern``. Raises ValueError beyond LARGEST."""
    if not 0 <= number < LARGEST:
        raise ValueError(f"there are {LARGEST} names; {number} has none")
    digits = [(number * _SPREAD % LARGEST) >> 4 * place & 15 for place in range(_SYLLABLES)]
    words = ("".join(syllables[d] for d in digits).capitalize() for syllables in (_LATIN, _CYRILLIC, _LATVIAN))
    return Names(*(form.format(word) for form, word in zip(pattern, words, strict=True)))


def languages(random: Random) -> tuple[str, ...]:
    """In which languages a thing has a name: always English, mostly Russian, sometimes Latvian."""
    return ("en", *(["ru"] if random.random() < 0.8 else []), *(["lv"] if random.random() < 0.3 else []))
