"""Words that institutions' names are made of, in five languages, and what each stands for.

A word that many names share says little about who somebody is: it weighs less than a name of its
own.
"""

from crm.text import folded


def _table(text: str) -> dict[str, str]:
    """“stands for: word, word” on a line, as word → what it stands for."""
    found = {}
    for line in text.strip().splitlines():
        meaning, words = line.split(":")
        meaning = meaning.strip()
        found[meaning] = meaning
        found.update((folded(word), meaning) for word in words.split(",") if word.strip())
    return found


# What says how a company is owned, at the end of a name in Latin letters (or before it).
LEGAL_FORMS = frozenset(
    """spa srl srls sapa snc sas scarl scrl scpa scpl sc ss ets aps onlus inc incorporated ltd
    limited llc llp plc gmbh mbh ag kg ohg kgaa ug ev eg sa sarl sasu sl slu bv nv oy oyj ab asa kk
    gk yk pte pty bhd ltda jsc ooo zao sro kft doo""".split()
)
LEGAL_PHRASES = (
    ("societa", "per", "azioni"),
    ("societa", "a", "responsabilita", "limitata"),
    ("societa", "consortile"),
    ("societa", "cooperativa"),
    ("soc", "coop"),
    ("soc", "cons"),
    ("kabushiki", "kaisha"),
    ("kabushiki", "gaisha"),
    ("yugen", "gaisha"),
    ("godo", "kaisha"),
    ("co", "kg"),
    ("sp", "zoo"),
    ("sp", "z", "o", "o"),
)
# Legal forms too, but only after something else that stands alone: “Rossi & Co.”.
LEGAL_TAILS = frozenset("co corp company corporation cie coop arl unipersonale".split())

# The longest first.
JAPANESE_LEGAL_FORMS = tuple(
    sorted(
        """株式会社 (株) 有限会社 (有) 合同会社 (同) 合資会社 (資) 合名会社 (名) 相互会社 (相) 一般社団法人
        (一社) 一般財団法人 (一財) 公益社団法人 (公社) 公益財団法人 (公財) 社団法人 (社) 財団法人 (財)
        独立行政法人 (独) 地方独立行政法人 (地独) 国立研究開発法人 (国研) 国立大学法人 公立大学法人
        大学共同利用機関法人 学校法人 (学) 医療法人 (医) 社会福祉法人 特定非営利活動法人 (特非) npo法人
        特殊法人 認可法人 投資法人 協同組合 (協) 주식회사 (주) 有限公司 股份有限公司 有限责任公司""".split(),
        key=len,
        reverse=True,
    )
)

# First letters and last, with a point between.
CONTRACTIONS = {"f.lli": "fratelli", "s.lle": "sorelle", "ass.ne": "associazione"}

# Written before a name or after it, and none of it.
TITLES = frozenset(
    """ing dott dottssa dssa ssa dr prof avv arch geom rag sig sigra mr mrs ms miss herr frau onorevole
    cav ambasciatore dottor dottoressa professor professoressa ingegnere avvocato""".split()
)
HONORIFICS = frozenset("san sama sensei".split())

STOP_WORDS = frozenset(
    """of the and for in at to on by di del dello della dei degli delle da dal in e ed per il lo la i
    gli le l d a studi studies al allo alla ai alle nel nella con su de des du et pour les un une en dans sur
    der die das und fur von im zu am dem den y el los las para""".split()
)

# Kinds of institution and what they do: they tell one kind from another, not one from the next.
GENERIC = _table(
    """
    chamber: camera, chambers, chambre, handelskammer, kammer, cciaa, cci, camara, ihk, 商工会議所, 商業会議所, 会議所, kaigisho
    commerce: commercio, trade, 商業, 貿易, shogyo, boeki
    industry: industria, industrie, industries, industriale, industrial, industriali, industrielle, 産業, 工業, 商工, kogyo, sangyo
    crafts: artigianato, artisanat, craft
    agriculture: agricoltura, agricultural, agricola, agricolo, 農業
    university: universita, universite, universitat, univ, universities, universidad, ateneo, 大学, daigaku
    polytechnic: politecnico, polytechnique, 工科
    college: collegio, hochschule, 短期大学, 専門学校
    school: scuola, ecole, schule, 学校, 学院, gakko, gakuin
    institute: istituto, institut, institution, inst, instituto, 研究所, 研究機構, 研究院, kenkyujo, kenkyusho
    research: ricerca, recherche, forschung, ricerche, 研究, kenkyu
    centre: center, centro, zentrum, centrum, センター, 中心, senta
    laboratory: laboratorio, lab, labs, laboratories, laboratoire, labor, ラボ, 試験所, 試験場
    science: scienza, scienze, sciences, scientifico, wissenschaft, wissenschaften, 科学, 理科, kagaku
    technology: technische, technischen, tecnologia, tecnologie, technologies, technologie, tech, technical, tecnico, 技術, 工学, テクノロジー, gijutsu
    embassy: ambasciata, ambassade, botschaft, 大使館, taishikan
    consulate: consolato, consulat, konsulat, generalkonsulat, 領事館, 総領事館, ryojikan, soryojikan
    ministry: ministero, ministere, ministerium, min, ministry, 省
    region: regione, regional, regionale, regions, prefecture, prefectural, 県庁, 県, 府庁
    city: comune, municipality, ville, stadt, municipio, municipal, citta, civico, 市役所, 市, 市立
    province: provincia, provincial, 州
    metropolitan: metropolitana, metropolitano, 都庁, 都立
    government: governo, gouvernement, regierung, 政府, 庁
    agency: organization, organisation, organizzazione, agenzia, agence, agentur, 機構, 庁舎
    authority: autorita, autorite, behorde, ente, 公社
    association: associazione, assoc, assn, verband, verein, 協会, 会, アソシエーション, kyokai
    federation: federazione, confederazione, confederation, 連合会, 連盟, 連合, rengokai, renmei
    union: unione, 組合, kumiai
    foundation: fondazione, fondation, stiftung, fund, fondo, 財団, 基金, zaidan, kikin
    consortium: consorzio, konsortium, コンソーシアム
    committee: comitato, comite, 委員会, iinkai
    council: consiglio, conseil, rat, 評議会, 協議会, kyogikai
    society: societa, societe, gesellschaft, 学会, gakkai
    group: gruppo, groupe, gruppe, グループ, ホールディングス, holdings, holding
    company: compagnia, companies, firma, co, azienda, impresa, enterprise, enterprises, 会社, カンパニー
    corporation: corp, コーポレーション, 公庫
    bank: banca, banco, banque, 銀行, 信用金庫, 信用組合, 信金, ginko, shinkin
    finance: finanza, finanziaria, financial, finances, finanz, 金融, ファイナンス, kinyu
    economy: economia, economic, economico, economica, economics, wirtschaft, 経済, economique, keizai
    development: sviluppo, developpement, entwicklung, 開発, 振興, kaihatsu
    promotion: promozione, foerderung, forderung, 推進, 促進, suishin
    cooperative: cooperativa, coop, 協同
    cooperation: cooperazione, collaboration, collaborazione, 協力
    international: internazionale, internazionali, internationale, intl, 国際, インターナショナル, kokusai
    national: nazionale, nazionali, nationale, nationales, 国立
    general: generale, 総合
    saint: san, santo, santa, sant, santi, sankt, saints
    electric: electrical, elettrica, elettrico, elektrisch, electrique, 電機, 電気, 電器, denki
    electronics: elettronica, elektronik, electronique, 電子, denshi
    public: pubblico, pubblica, 公立
    advanced: avanzata, avanzate, avanzato, avanzati, 先端
    innovation: innovazione, innovativa, innovative, イノベーション
    incubator: incubatore, incubateur, incubation, インキュベーター, インキュベーション
    startup: startups, start, up, スタートアップ
    park: parco, parc, パーク
    museum: museo, musee, 博物館, 美術館, hakubutsukan, bijutsukan
    hospital: ospedale, policlinico, klinik, klinikum, hopital, 病院, byoin
    port: porto, hafen, 港, 港湾
    airport: aeroporto, flughafen, 空港
    health: salute, sanita, 保健, 健康
    energy: energia, energie, エネルギー, 電力
    engineering: ingegneria, ingenierie, エンジニアリング
    industries: 工業所
    systems: sistemi, system, systeme, sistema, システム, システムズ
    solutions: soluzioni, solution, ソリューション, ソリューションズ
    services: servizi, service, サービス, サービシーズ
    products: prodotti, product, 製品
    manufacturing: manifattura, 製作所, 製造, 製造所, seisakusho, seizo
    works: ワークス
    shop: negozio, 商店, 商会, shoten, shokai
    consulting: consulenza, consultants, consultancy, コンサルティング
    design: デザイン
    trading: 商事, 物産, トレーディング, shoji, bussan
    """
)

# What an institution is: who has another of these beside is another.
HEADS = frozenset(
    """chamber university polytechnic college school institute centre laboratory embassy consulate
    ministry agency authority association federation union foundation
    consortium committee council society group company bank cooperative incubator startup park
    museum hospital port airport shop""".split()
)

# A part of something: with one of these a name is that of a unit, without it that of the whole.
UNITS = _table(
    """
    department: dipartimento, dept, dip, departement, abteilung, 学科, 部門
    faculty: facolta, faculte, fakultat, 学部
    graduate: 研究科, 大学院
    division: divisione, direction, direzione, directorate, 部, 局, 事業部
    section: sezione, sektion, 課, 室
    branch: filiale, succursale, zweigstelle, niederlassung, 支店, 支社, 支部, 支所
    office: ufficio, bureau, buro, sede, 事務所, 事務局, オフィス, 営業所
    plant: stabilimento, factory, usine, werk, 工場
    headquarters: hq, 本社, 本部, 本店
    secretariat: segreteria, segretariato
    library: biblioteca, 図書館
    """
)
# Where there is only one of it, a unit is the whole.
WHOLE_UNITS = frozenset({"headquarters"})

PLACES = _table(
    """
    japan: giappone, japon, japanese, giapponese, giapponesi, japonais, japanisch, nippon, nihon, 日本, 在日, 駐日
    italy: italia, italie, italian, italiana, italiano, italiani, italiane, italienne, italien, italienische, italienisches, italo, イタリア, 伊
    france: francia, frankreich, french, francese, francais, francaise, フランス, 仏
    germany: germania, deutschland, allemagne, german, tedesca, tedesco, deutsche, deutscher, deutsch, ドイツ
    spain: spagna, espana, espagne, spanish, spagnola, spagnolo, スペイン
    switzerland: svizzera, suisse, schweiz, swiss, スイス
    britain: uk, british, britannica, britannico, 英国, イギリス
    usa: us, american, americana, americano, アメリカ, 米国
    china: cina, chine, chinese, cinese, 中国
    korea: corea, coree, korean, coreana, coreano, 韓国
    india: indian, indiana, インド
    europe: europa, european, europea, europeo, europeen, europaische, ヨーロッパ, 欧州, eu
    asia: asian, asiatica, アジア
    tokyo: tokio, 東京, 東京都, 東大
    osaka: 大阪, 大阪府, oosaka
    kyoto: kioto, 京都
    nagoya: 名古屋
    yokohama: 横浜
    kobe: 神戸
    fukuoka: 福岡
    sapporo: 札幌
    sendai: 仙台
    hiroshima: 広島
    kawasaki: 川崎
    saitama: 埼玉
    chiba: 千葉
    tsukuba: つくば, 筑波
    kanazawa: 金沢
    niigata: 新潟
    shizuoka: 静岡
    hamamatsu: 浜松
    aichi: 愛知
    mie: 三重
    gifu: 岐阜
    nara: 奈良
    okayama: 岡山
    kumamoto: 熊本
    nagasaki: 長崎
    kagoshima: 鹿児島
    okinawa: 沖縄
    hokkaido: 北海道
    tohoku: 東北
    kanto: 関東
    chubu: 中部
    kansai: 関西
    kyushu: 九州
    shikoku: 四国
    kanagawa: 神奈川
    hyogo: 兵庫
    ibaraki: 茨城
    nagano: 長野
    toyama: 富山
    shibuya: 渋谷
    shinjuku: 新宿
    genoa: genova, genes, genua, ジェノヴァ, ジェノバ
    liguria: ligure, liguri, ligurian, リグーリア
    milan: milano, mailand, milanese, ミラノ
    rome: roma, rom, romana, ローマ
    turin: torino, torinese, トリノ
    florence: firenze, florenz, fiorentina, フィレンツェ
    venice: venezia, venedig, venise, veneziana, ヴェネツィア, ベネチア
    naples: napoli, neapel, ナポリ
    bologna: bolognese, ボローニャ
    savona: サヴォーナ
    laspezia: spezia, ラスペツィア
    imperia:
    pisa: ピサ
    trieste: triest, トリエステ
    padua: padova, パドヴァ
    palermo: パレルモ
    lombardy: lombardia, ロンバルディア
    piedmont: piemonte, ピエモンテ
    tuscany: toscana, toscano, トスカーナ
    paris: parigi, パリ
    marseille: marsiglia, マルセイユ
    lyon: lione, lyons
    nice: nizza
    berlin: berlino, ベルリン
    munich: munchen, muenchen, ミュンヘン
    hamburg: amburgo, ハンブルク
    cologne: koln, colonia
    london: londra, londres, ロンドン
    barcelona: barcellona, バルセロナ
    madrid: マドリード
    zurich: zurigo, チューリッヒ
    geneva: ginevra, geneve, genf, ジュネーブ
    vienna: wien, ウィーン
    beijing: pechino, peking, 北京
    shanghai: sciangai, 上海
    seoul: seul, 서울, ソウル
    busan: pusan, 부산
    """
)
COUNTRY_WORDS = {
    "JP": "japan",
    "IT": "italy",
    "FR": "france",
    "DE": "germany",
    "ES": "spain",
    "CH": "switzerland",
    "GB": "britain",
    "US": "usa",
    "CN": "china",
    "KR": "korea",
    "IN": "india",
}
COUNTRY_NAMES = frozenset({*COUNTRY_WORDS.values(), "europe", "asia"})

# Ways of writing one Chinese character in Japanese names.
CHARACTERS = str.maketrans(
    "髙﨑嵜齋齊斉邊邉澤濱濵廣國櫻眞德惠榮圓龍瀧檜嶋嶌桒冨舘莊曻渡邊黑靑淸鄕學會經濟營專區縣廳驛氣團實藝應聯發總體關",
    "高崎崎斎斎斎辺辺沢浜浜広国桜真徳恵栄円竜滝桧島島桑富館荘昇渡辺黒青清郷学会経済営専区県庁駅気団実芸応連発総体関",
)

# Whose address belongs to nobody in particular: anybody may have one.
WEBMAIL = frozenset(
    """gmail.com googlemail.com outlook.com outlook.it hotmail.com hotmail.it live.com live.it msn.com
    yahoo.com yahoo.it yahoo.co.jp ymail.ne.jp icloud.com me.com mac.com aol.com gmx.de gmx.net
    gmx.com web.de libero.it virgilio.it tiscali.it alice.it tin.it fastwebnet.it tim.it inwind.it
    iol.it pec.it legalmail.it arubapec.it docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp
    nifty.com biglobe.ne.jp so-net.ne.jp ocn.ne.jp qq.com 163.com 126.com naver.com hanmail.net
    proton.me protonmail.com orange.fr free.fr wanadoo.fr laposte.net t-online.de mail.com
    facebook.com linkedin.com instagram.com twitter.com x.com youtube.com note.com wixsite.com
    wordpress.com blogspot.com github.io sites.google.com google.com webmail.example
    freemail.example""".split()
)
ROLE_ADDRESSES = frozenset(
    """info contact contacts contatti mail email office ufficio segreteria secretary secretariat
    admin administration amministrazione hello support sales vendite press stampa pr marketing hr
    jobs service servizi direzione presidenza protocollo webmaster noreply no-reply postmaster inquiry
    inquiries soumu somu koho eigyo kokusai international urp reception welcome team staff general
    enquiries enquiry""".split()
)
