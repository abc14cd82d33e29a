"""Languages people speak: Django's list of languages, and those spoken by many that it leaves out.

Django lists what it is translated into or knows how to write; `MORE` adds what people at work and at college are at
ease in. Codes are ISO 639, the two-letter one where there is one. A sign language is a language.
"""

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

# code: the name in English (translated as any words of ours), in itself, and what else it is called
MORE: dict[str, tuple[Promise, str, tuple[str, ...]]] = {
    "ak": (_("Akan (Twi, Fante)"), "Akan", ("Akan", "Twi", "Fante")),
    "am": (_("Amharic"), "አማርኛ", ()),
    "as": (_("Assamese"), "অসমীয়া", ()),
    "ay": (_("Aymara"), "Aymar aru", ()),
    "bfi": (_("British Sign Language"), "BSL", ()),
    "bm": (_("Bambara"), "Bamanankan", ()),
    "bo": (_("Tibetan"), "བོད་སྐད་", ()),
    "ceb": (_("Cebuano"), "Sinugboanon", ()),
    "co": (_("Corsican"), "Corsu", ()),
    "dv": (_("Divehi"), "ދިވެހި", ("Maldivian",)),
    "dz": (_("Dzongkha"), "རྫོང་ཁ", ()),
    "ee": (_("Ewe"), "Eʋegbe", ()),
    "ff": (_("Fula"), "Fulfulde", ("Fulani", "Pulaar")),
    "fo": (_("Faroese"), "Føroyskt", ()),
    "gn": (_("Guarani"), "Avañe'ẽ", ()),
    "gsw": (_("Swiss German"), "Schwiizertüütsch", ()),
    "gu": (_("Gujarati"), "ગુજરાતી", ()),
    "ha": (_("Hausa"), "Hausa", ()),
    "haw": (_("Hawaiian"), "ʻŌlelo Hawaiʻi", ()),
    "ht": (_("Haitian Creole"), "Kreyòl ayisyen", ()),
    "ilo": (_("Ilocano"), "Ilokano", ()),
    "iu": (_("Inuktitut"), "ᐃᓄᒃᑎᑐᑦ", ()),
    "jam": (_("Jamaican Patois"), "Patwa", ("Jamaican Creole",)),
    "jv": (_("Javanese"), "Basa Jawa", ()),
    "ki": (_("Kikuyu"), "Gĩkũyũ", ("Gikuyu",)),
    "kl": (_("Greenlandic"), "Kalaallisut", ()),
    "kmr": (_("Kurdish (Kurmanji)"), "Kurmancî", ("Kurmanji", "Kurdish")),
    "ks": (_("Kashmiri"), "कॉशुर", ()),
    "la": (_("Latin"), "Latina", ()),
    "lg": (_("Ganda"), "Luganda", ()),
    "ln": (_("Lingala"), "Lingála", ()),
    "lo": (_("Lao"), "ລາວ", ()),
    "luo": (_("Luo"), "Dholuo", ()),
    "mg": (_("Malagasy"), "Malagasy", ()),
    "mi": (_("Māori"), "Te reo Māori", ("Maori",)),
    "mt": (_("Maltese"), "Malti", ()),
    "ny": (_("Chichewa"), "Chichewa", ("Nyanja", "Chewa")),
    "oc": (_("Occitan"), "Occitan", ()),
    "om": (_("Oromo"), "Afaan Oromoo", ()),
    "or": (_("Odia"), "ଓଡ଼ିଆ", ("Oriya",)),
    "pcm": (_("Nigerian Pidgin"), "Naijá", ("Pidgin",)),
    "ps": (_("Pashto"), "پښتو", ()),
    "qu": (_("Quechua"), "Runasimi", ()),
    "rm": (_("Romansh"), "Rumantsch", ()),
    "rn": (_("Rundi"), "Ikirundi", ("Kirundi",)),
    "rom": (_("Romani"), "Romani ćhib", ()),
    "rw": (_("Kinyarwanda"), "Ikinyarwanda", ()),
    "sc": (_("Sardinian"), "Sardu", ()),
    "sd": (_("Sindhi"), "سنڌي", ()),
    "se": (_("Northern Sami"), "Davvisámegiella", ("Sami",)),
    "si": (_("Sinhala"), "සිංහල", ("Sinhalese",)),
    "sm": (_("Samoan"), "Gagana Sāmoa", ()),
    "sn": (_("Shona"), "chiShona", ()),
    "so": (_("Somali"), "Soomaali", ()),
    "st": (_("Sotho"), "Sesotho", ("Southern Sotho",)),
    "su": (_("Sundanese"), "Basa Sunda", ()),
    "ti": (_("Tigrinya"), "ትግርኛ", ()),
    "tl": (_("Filipino (Tagalog)"), "Tagalog", ("Filipino",)),
    "tn": (_("Tswana"), "Setswana", ()),
    "to": (_("Tongan"), "Lea faka-Tonga", ()),
    "ts": (_("Tsonga"), "Xitsonga", ()),
    "wo": (_("Wolof"), "Wolof", ()),
    "xh": (_("Xhosa"), "isiXhosa", ()),
    "yi": (_("Yiddish"), "ייִדיש", ()),
    "yo": (_("Yoruba"), "Yorùbá", ()),
    "yue": (_("Chinese (Cantonese)"), "廣東話", ("Cantonese",)),
    "zgh": (_("Berber (Tamazight)"), "ⵜⴰⵎⴰⵣⵉⵖⵜ", ("Tamazight", "Berber", "Amazigh")),
    "zh": (_("Chinese (Mandarin)"), "中文", ("Mandarin", "Chinese", "普通话", "汉语")),
    "zu": (_("Zulu"), "isiZulu", ()),
}

_DJANGOS = {code for code, info in LANG_INFO.items() if len(code) <= 3 and "fallback" not in info}
LANGUAGES = sorted(_DJANGOS | set(MORE))


def language_name(code: str) -> str:
    """A language's name in the reader's own language."""
    name = str(MORE[code][0] if code in MORE else get_language_info(code)["name_translated"])
    return name[:1].upper() + name[1:]


def own_name(code: str) -> str:
    """A language's name in itself."""
    name = MORE[code][1] if code in MORE else str(LANG_INFO[code]["name_local"])
    return name[:1].upper() + name[1:]


def names_of(code: str) -> tuple[str, ...]:
    """Everything a language may be called in a file."""
    if code in MORE:
        return (language_name(code), own_name(code), *MORE[code][2])
    return (language_name(code), str(LANG_INFO[code]["name"]), own_name(code))


def language_choices() -> list[tuple[str, str]]:
    """All languages to choose from, by their names in the reader's language, each with its own name beside it."""
    named = sorted((language_name(code), own_name(code), code) for code in LANGUAGES)
    return [(code, name if own.casefold() == name.casefold() else f"{name} · {own}") for name, own, code in named]
