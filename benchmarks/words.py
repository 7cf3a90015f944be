"""Small lists that names are made of, in both scripts. Nobody in them is meant."""

from typing import NamedTuple


class Place(NamedTuple):
    """A city; `weight` says how many organisations are there, compared with the others."""

    country: str
    name: str
    native: str
    zone: str
    weight: int
    name_it: str = ""


PLACES = [
    Place("JP", "Tokyo", "東京", "Asia/Tokyo", 120),
    Place("JP", "Osaka", "大阪", "Asia/Tokyo", 45),
    Place("JP", "Nagoya", "名古屋", "Asia/Tokyo", 40),
    Place("JP", "Yokohama", "横浜", "Asia/Tokyo", 22),
    Place("JP", "Kyoto", "京都", "Asia/Tokyo", 20),
    Place("JP", "Fukuoka", "福岡", "Asia/Tokyo", 16),
    Place("JP", "Kobe", "神戸", "Asia/Tokyo", 14),
    Place("JP", "Sapporo", "札幌", "Asia/Tokyo", 10),
    Place("JP", "Sendai", "仙台", "Asia/Tokyo", 8),
    Place("JP", "Hiroshima", "広島", "Asia/Tokyo", 7),
    Place("JP", "Tsukuba", "つくば", "Asia/Tokyo", 6),
    Place("JP", "Hamamatsu", "浜松", "Asia/Tokyo", 5),
    Place("IT", "Genoa", "", "Europe/Rome", 90, "Genova"),
    Place("IT", "Milan", "", "Europe/Rome", 40, "Milano"),
    Place("IT", "Rome", "", "Europe/Rome", 30, "Roma"),
    Place("IT", "Turin", "", "Europe/Rome", 18, "Torino"),
    Place("IT", "La Spezia", "", "Europe/Rome", 14),
    Place("IT", "Savona", "", "Europe/Rome", 10),
    Place("IT", "Bologna", "", "Europe/Rome", 8),
    Place("FR", "Paris", "", "Europe/Paris", 25, "Parigi"),
    Place("FR", "Marseille", "", "Europe/Paris", 14, "Marsiglia"),
    Place("FR", "Nice", "", "Europe/Paris", 9, "Nizza"),
    Place("FR", "Lyon", "", "Europe/Paris", 7, "Lione"),
    Place("DE", "Berlin", "", "Europe/Berlin", 12, "Berlino"),
    Place("DE", "Munich", "", "Europe/Berlin", 14, "Monaco di Baviera"),
    Place("DE", "Hamburg", "", "Europe/Berlin", 10, "Amburgo"),
    Place("KR", "Seoul", "서울", "Asia/Seoul", 22, "Seul"),
    Place("KR", "Busan", "부산", "Asia/Seoul", 12),
    Place("CN", "Shanghai", "上海", "Asia/Shanghai", 18, "Sciangai"),
    Place("CN", "Shenzhen", "深圳", "Asia/Shanghai", 12),
    Place("CN", "Beijing", "北京", "Asia/Shanghai", 10, "Pechino"),
    Place("US", "Boston", "", "America/New_York", 10),
    Place("US", "San Francisco", "", "America/Los_Angeles", 12),
    Place("US", "Houston", "", "America/Chicago", 6),
    Place("GB", "London", "", "Europe/London", 14, "Londra"),
    Place("ES", "Barcelona", "", "Europe/Madrid", 10, "Barcellona"),
    Place("ES", "Valencia", "", "Europe/Madrid", 6, "Valenza"),
    Place("TN", "Tunis", "تونس", "Africa/Tunis", 4, "Tunisi"),
    Place("BR", "Sao Paulo", "", "America/Sao_Paulo", 5, "San Paolo"),
    Place("IN", "Bengaluru", "", "Asia/Kolkata", 6),
]
DIALLING = {
    "JP": "81",
    "IT": "39",
    "FR": "33",
    "DE": "49",
    "KR": "82",
    "CN": "86",
    "US": "1",
    "GB": "44",
    "ES": "34",
    "TN": "216",
    "BR": "55",
    "IN": "91",
}

# What an organisation does: in English, in Japanese characters, and the slug of its sector.
FIELDS = [
    ("Robotics", "ロボット", "robotics"),
    ("Artificial Intelligence", "人工知能", "artificial-intelligence"),
    ("Marine Technology", "海洋技術", "marine-technology"),
    ("Ports and Logistics", "港湾物流", "logistics"),
    ("Life Science", "生命科学", "life-science"),
    ("Medical Devices", "医療機器", "medical-devices"),
    ("Precision Engineering", "精密工学", "engineering"),
    ("Renewable Energy", "再生可能エネルギー", "renewable-energy"),
    ("Hydrogen", "水素", "hydrogen"),
    ("Advanced Materials", "先端材料", "materials"),
    ("Semiconductors", "半導体", "semiconductors"),
    ("Cybersecurity", "情報セキュリティ", "cybersecurity"),
    ("Smart Cities", "都市デザイン", "smart-cities"),
    ("Agriculture and Food", "食農", "food"),
    ("Space Systems", "宇宙システム", "space"),
    ("Cultural Heritage", "文化財", "heritage"),
    ("Tourism", "観光", "tourism"),
    ("Small Business", "中小企業", "small-business"),
    ("Innovation", "イノベーション", "innovation"),
    ("Water Management", "水環境", "water"),
    ("Mobility", "モビリティ", "mobility"),
    ("Design", "デザイン", "design"),
    ("Optics", "光学", "optics"),
    ("Quantum Computing", "量子計算", "quantum"),
]
# A kind of organisation: its word before or after, in both scripts, and how many there are.
KINDS = [
    ("authority", "{city} {field} Department", "{city}市{field}局", 5),
    ("agency", "{city} {field} Agency", "{city}{field}推進機構", 8),
    ("research", "{city} {field} Research Institute", "{city}{field}研究所", 13),
    ("university", "{city} University of {field}", "{city}{field}大学", 9),
    ("incubator", "{city} {field} Garage", "{city}{field}ガレージ", 9),
    ("chamber", "{city} Chamber for {field}", "{city}{field}商工会議所", 7),
    ("federation", "{city} {field} Federation", "{city}{field}連合会", 6),
    ("finance", "{city} {field} Fund", "{city}{field}基金", 4),
    ("embassy", "{city} Consulate, {field} Desk", "{city}領事館{field}課", 1),
    ("consortium", "{city} {field} Consortium", "{city}{field}コンソーシアム", 5),
    ("company", "{family} {field}", "{family}{field}株式会社", 31),
    ("other", "{city} {field} Forum", "{city}{field}フォーラム", 2),
]


class Names(NamedTuple):
    """How people of a country are called: (Latin, native, reading)."""

    family: list[tuple[str, str, str]]
    given: list[tuple[str, str, str]]
    languages: str
    family_first: bool = False


def _latin(names: str) -> list[tuple[str, str, str]]:
    return [(name, "", "") for name in names.split()]


def _both(names: str) -> list[tuple[str, str, str]]:
    """“Tanabe/田辺/たなべ …”; the reading may be missing."""
    return [(*name.split("/"), "")[:3] for name in names.split()]  # type: ignore[misc]


JAPANESE = Names(
    _both(
        "Tanabe/田辺/たなべ Morikawa/森川/もりかわ Sawatari/沢渡/さわたり Okuda/奥田/おくだ Hayami/速水/はやみ "
        "Kirishima/霧島/きりしま Minase/水瀬/みなせ Tachibana/橘/たちばな Asakura/朝倉/あさくら Kuze/久世/くぜ "
        "Fujimori/藤森/ふじもり Hoshino/星野/ほしの Ishigami/石神/いしがみ Kanzaki/神崎/かんざき "
        "Natsume/夏目/なつめ Onodera/小野寺/おのでら Sakaki/榊/さかき Takanashi/高梨/たかなし Uehara/上原/うえはら "
        "Yukimura/雪村/ゆきむら Shiraishi/白石/しらいし Aizawa/相沢/あいざわ Nogami/野上/のがみ Kurata/倉田/くらた"
    ),
    _both(
        "Haruka/遥/はるか Yuki/由紀/ゆき Kenji/健司/けんじ Emi/恵美/えみ Takumi/拓海/たくみ Naoko/直子/なおこ "
        "Ryo/涼/りょう Sakura/咲良/さくら Daichi/大地/だいち Mika/美香/みか Shinji/慎二/しんじ Aya/綾/あや "
        "Kaito/海斗/かいと Rin/凛/りん Hiroshi/浩/ひろし Yoko/陽子/ようこ Makoto/誠/まこと Chie/千恵/ちえ "
        "Tomoya/智也/ともや Nanami/七海/ななみ Koji/浩二/こうじ Fumiko/文子/ふみこ"
    ),
    "ja, en",
    family_first=True,
)
KOREAN = Names(
    _both("Kang/강 Seo/서 Yoon/윤 Baek/백 Nam/남 Shim/심 Ryu/류 Ahn/안 Hwang/황 Moon/문"),
    _both(
        "Minseo/민서 Jiho/지호 Haneul/하늘 Seoyeon/서연 Junho/준호 Dahye/다혜 Taeyang/태양 Yuna/유나"
    ),
    "ko, en",
    family_first=True,
)
CHINESE = Names(
    _both("Shen/沈 Lu/陆 Fang/方 Xiao/萧 Tang/唐 Gu/顾 Qin/秦 Bai/白 Meng/孟 Dai/戴"),
    _both("Yuhan/雨涵 Zixuan/子轩 Mei/梅 Jianguo/建国 Xinyi/欣怡 Haoran/浩然 Lan/兰 Wenbo/文博"),
    "zh, en",
    family_first=True,
)
ITALIAN = Names(
    _latin(
        "Ferrando Parodi Canepa Bruzzone Traverso Repetto Olcese Dellepiane Sciaccaluga Cevasco "
        "Gambaro Zunino Pittaluga Ravera Noceti Boccardo Storace Lavagetto Oneto Schiaffino"
    ),
    _latin(
        "Marta Luca Giulia Andrea Chiara Matteo Elena Davide Sara Paolo Irene Giacomo Lucia "
        "Nicolò Beatrice Tommaso Ilaria Stefano Caterina Emanuele"
    ),
    "it, en",
)
FRENCH = Names(
    _latin("Delmas Rouvière Castagne Fabre Giraudon Lacombe Maurel Perrault Sabatier Teissier"),
    _latin("Camille Hugo Inès Julien Léa Mathieu Noémie Olivier Pauline Rémi"),
    "fr, en",
)
GERMAN = Names(
    _latin("Aumüller Brandstetter Dietz Eberhardt Fröhlich Hagen Köster Lindner Möller Seidel"),
    _latin("Anke Björn Clara Dieter Franziska Jonas Katrin Lukas Miriam Sönke"),
    "de, en",
)
ENGLISH = Names(
    _latin("Ashworth Blackwood Calder Drummond Fairfax Hartley Lockwood Merrick Pemberton Wren"),
    _latin("Alice Benjamin Charlotte Duncan Eleanor Frederick Grace Henry Imogen Oliver"),
    "en",
)
SPANISH = Names(
    _latin("Arnau Bellver Cifuentes Domènech Ferrer Llorente Montalbán Pascual Quiroga Rovira"),
    _latin("Aina Bruno Carmen Diego Elisa Joaquín Lucía Marc Nuria Óscar"),
    "es, en",
)
NAMES = {
    "JP": JAPANESE,
    "KR": KOREAN,
    "CN": CHINESE,
    "IT": ITALIAN,
    "FR": FRENCH,
    "TN": FRENCH,
    "DE": GERMAN,
    "ES": SPANISH,
    "BR": SPANISH,
}
JOBS = [
    "Director",
    "Deputy director",
    "Head of international relations",
    "Programme manager",
    "Researcher",
    "Professor",
    "Adviser",
    "Secretary",
    "Technology transfer officer",
    "Chief executive",
    "Consul",
    "Analyst",
]
DEPARTMENTS = ["", "", "International office", "Research", "Innovation", "Legal", "Communication"]
SOURCES = ["Business card", "Mission programme", "Web page", "Introduced by the embassy", ""]
PURPOSES = [
    "Explore joint projects for start-ups",
    "Present the regional innovation system",
    "Agree on a shared call for proposals",
    "Visit the laboratories",
    "Prepare the memorandum",
]
OUTCOMES = [
    "They will send the list of firms by the end of the month.",
    "Interest in a joint clinic; a second meeting is wanted.",
    "No common ground for now.",
    "They accept the draft and ask for two changes.",
    "Agreed to exchange researchers from next spring.",
]
PROMISES = [
    "Send the list of start-ups",
    "Translate the annex",
    "Propose three dates",
    "Introduce the port authority",
    "Return the signed copy",
]
