"""What the name of a column says of its values, in English, Arabic, Chinese (both scripts) and Portuguese.

Names are read as words: ``customerPhone``, ``customer_phone`` and ``Customer phone (2)`` are the same. Chinese words
are found anywhere in the name; Arabic ones without their article.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tiffin.engines.detection.kinds import Kind
from tiffin.engines.detection.samples import folded, is_arabic, is_han


class Other(StrEnum):
    """What else a name may say: reasons not to take the values for something personal."""

    CODE = "code"
    TIME = "time"
    MEASURE = "measure"
    PLACE = "place"
    THING = "thing"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column's name says.

    Parameters
    ----------
    kinds : frozenset of Kind
        Kinds that it names.
    others : frozenset of Other
        What it names besides.
    is_name : bool
        It says no more than ``name``.
    is_business, is_person : bool
        It speaks of a place of business, or of a person.
    """

    kinds: frozenset[Kind]
    others: frozenset[Other]
    is_name: bool
    is_business: bool
    is_person: bool


@lru_cache(maxsize=4096)
def read_heading(name: str, table: str = "") -> Heading:
    """Read a column's name; the table's says of whom, where the column's does not."""
    words = _words(name)
    person, business = _says(_PERSON, words), _says(_BUSINESS, words)
    kinds = frozenset(kind for kind, phrases in _KINDS.items() if _says(phrases, words))
    if not person and not business:
        around = _words(table)
        person, business = _says(_PERSON, around), _says(_BUSINESS, around) or _says(_PLACES, around)
    others = frozenset(other for other, phrases in _OTHERS.items() if _says(phrases, words))
    return Heading(
        kinds=_settled(kinds, words, is_person=person and not business),
        others=others - {Other.THING} if words.endswith(" id ") else others,
        is_name=_says(_NAME, words),
        is_business=business,
        is_person=person,
    )


def _settled(kinds: frozenset[Kind], words: str, *, is_person: bool) -> frozenset[Kind]:
    if _says(_NOT_MONEY, words):
        kinds -= {Kind.MONEY}
    if _says(_NOT_THEIRS, words):
        kinds -= {Kind.ADDRESS, Kind.EMAIL, Kind.PHONE, Kind.BIRTH_DATE}
    if kinds & {Kind.IP_ADDRESS, Kind.EMAIL}:
        kinds -= {Kind.ADDRESS}
    if kinds & {Kind.NATIONAL_ID, Kind.PASSPORT, Kind.PLATE, Kind.COMPANY_ID, Kind.PHONE, Kind.IBAN, Kind.PAYMENT_CARD}:
        kinds -= {Kind.PERSON_KEY, Kind.MONEY}
    if is_person and Kind.PERSON_NAME not in kinds and _says(_NAME, words):
        kinds |= {Kind.PERSON_NAME}
    if words.strip() in ("x", "y"):
        kinds |= {Kind.COORDINATES}
    if is_person and words.strip() in ("id", "key", "uuid"):
        kinds |= {Kind.PERSON_KEY}
    return kinds


def _says(phrases: tuple[str, ...], words: str) -> bool:
    return any((phrase in words) if is_han(phrase) else (f" {phrase} " in words) for phrase in phrases)


def _words(name: str) -> str:
    """Write a name as folded words with one blank around each."""
    parted = _HUMP.sub(" ", name)
    words = [word for word in _APART.split(folded(parted)) if word]
    if is_arabic(name):
        words += [word.removeprefix("ال") for word in words if word.startswith("ال")]
    return f" {' '.join(words)} "


def _phrases(*lines: str) -> tuple[str, ...]:
    return tuple(folded(phrase.strip()) for line in lines for phrase in line.split(",") if phrase.strip())


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_APART = re.compile(r"[^\w]+|_+")

_PERSON = _phrases(
    "customer, customers, consumer, client, user, users, rider, riders, driver, drivers, courier, couriers",
    "dasher, person",
    "passenger, recipient, receiver, sender, employee, employees, staff, contact, guest, respondent, cardholder",
    "holder",
    "owner, buyer, member, patient, emergency, next of kin, matricola, payer, agent, applicant, subscriber, resource",
    "عميل, العملاء, عملاء, مستخدم, سائق, مندوب, موظف, مستلم, مرسل, صاحب, شخص, زبون, راكب, حامل, موظفين, سائقين",
    "مناديب",
    "客户, 客戶, 顾客, 顧客, 用户, 用戶, 骑手, 騎手, 司机, 司機, 收件人, 收货人, 收貨人, 寄件人, 员工, 員工",
    "联系人, 聯絡人, 乘客, 持卡人",
    "会员, 會員, 外送員, 配送员, 姓名",
    "cliente, clientes, usuario, entregador, motorista, passageiro, destinatario, remetente, funcionario, titular",
    "pessoa",
    "colaborador, motoboy, comprador, assinante",
)
_BUSINESS = _phrases(
    "merchant, merchants, restaurant, restaurants, venue, store, stores, shop, vendor, supplier, branch, brand",
    "company",
    "warehouse, hub, pickup, seller, business, kitchen, chain, organisation, organization, fleet, fleets, product",
    "item, dish, menu",
    "campaign, zone, zones, city",
    "مطعم, متجر, تاجر, مورد, فرع, شركة, محل, مستودع, مؤسسة, منتج, صنف, طبق, حملة, المطاعم, المتاجر",
    "商户, 商戶, 商家, 餐厅, 餐廳, 门店, 門店, 店铺, 店鋪, 供应商, 供應商, 分店, 公司, 仓库, 倉庫, 品牌, 企业",
    "企業, 商品, 菜品, 产品, 產品",
    "restaurante, restaurantes, loja, lojas, comerciante, estabelecimento, fornecedor, filial, empresa, marca",
    "produto, prato",
    "lojista, deposito, campanha",
)
_PLACES = _phrases(
    "cities, places, areas, regions, markets, locations, مدن, مناطق, 城市, 区域, 區域, cidades, zonas, regioes"
)
_NAME = _phrases("name, nome, names, اسم, 名, 名称, 名稱, 姓名, 称呼, 稱呼")
_NOT_MONEY = _phrases(
    "id, ids, code, type, status, count, number, method, currency, no, at, date, time, rows, reason, kind, region",
    "ratio, pct",
    "dashers, riders, couriers, onshift, busy, percent, protocol, rate, source, minutes, total orders",
    "outstanding orders, total items, rides",
    "hours, card, numero, segment, brand",
    "quantity, level",
    "رقم, رمز, نوع, طريقة, عملة, تاريخ, وقت, عدد, 编号, 編號, 号码, 號碼, 方式, 类型, 類型, 时间, 時間, 数量",
    "數量, 日期, 币种, 幣種",
    "codigo, tipo, forma, moeda, data, hora, quantidade, metodo, situacao",
)
_NOT_THEIRS = _phrases(
    "campaign, opened, verified, type, status, count, is, has, flag, subject, template, model, clicks, sent",
    "calls, length",
    "نوع, حالة, عدد, 类型, 類型, 状态, 狀態, 次数, 次數, tipo, situacao, quantidade, verificado",
)

_KINDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PHONE: _phrases(
        "phone, phones, telephone, tel, mobile, cell, cellphone, msisdn, whatsapp, fax, phone number, mobile no",
        "contact number, contact no",
        "هاتف, جوال, موبايل, محمول, تلفون, واتساب, رقم التواصل, رقم الاتصال, رقم تواصل",
        "电话, 電話, 手机, 手機, 手提, 联系方式, 聯絡方式, 联络电话, 座机, 來電, 联系号码",
        "telefone, celular, fone, telemovel, zap, contato telefonico, tel contato, numero de contato",
    ),
    Kind.EMAIL: _phrases(
        "email, emails, e mail, mail, email address, mailbox, correio eletronico, correio, e mail",
        "بريد, البريد الإلكتروني, ايميل, إيميل, 邮箱, 郵箱, 邮件, 郵件, 电邮, 電郵, 电子邮, 電子郵, 信箱",
    ),
    Kind.PERSON_NAME: _phrases(
        "full name, first name, last name, surname, given name, family name, middle name, forename, firstname",
        "lastname, fullname",
        "person name, maiden name, nickname, recipient, cardholder, signed by, contact person, contact name",
        "fname, lname",
        "الاسم الكامل, الاسم الأول, اسم العائلة, اللقب, الاسم الثلاثي, الاسم الرباعي, اسم الأب, مستلم, كنية",
        "اسم العميل, اسم السائق",
        "姓名, 名字, 姓氏, 收件人, 收货人, 收貨人, 联系人, 聯絡人, 司机名, 称呼, 稱呼, 真名, 持卡人, 骑手名",
        "寄件人, 騎手名",
        "nome completo, sobrenome, primeiro nome, apelido, nome social, destinatario, titular, nome da mae",
        "nome do pai, nome mae",
    ),
    Kind.NATIONAL_ID: _phrases(
        "national id, id number, id no, identity, identity number, identity card, iqama, iqama no, emirates id",
        "eid, qid, civil id, civil number",
        "hkid, resident id, ssn, social security, tax id, national number, cpf, rg, documento, nin, govt id",
        "government id, id card, nid",
        "هوية, رقم الهوية, اقامة, إقامة, السجل المدني, الرقم المدني, الرقم القومي, بطاقة شخصية, رقم وطني",
        "الرقم الوطني, هويه",
        "身份证, 身份證, 证件号, 證件號, 身分證, 居民证, 证件号码, 社保号, 社会保障号, 回乡证",
        "identidade, cpf do cliente, cpf cliente, doc identidade, documento de identidade, carteira de identidade",
    ),
    Kind.COMPANY_ID: _phrases(
        "cnpj, company number, commercial registration, cr number, vat number, trn, سجل تجاري, الرقم الضريبي",
        "统一社会信用代码",
        "统一信用代码, 商业登记, 商業登記, 統一編號, 营业执照, razao social",
    ),
    Kind.PASSPORT: _phrases(
        "passport, passport no, passport number, passaporte, جواز, جواز السفر, رقم الجواز, 护照, 護照, travel document"
    ),
    Kind.IBAN: _phrases(
        "iban, bank account, account number, account no, bank acc, acct, آيبان, ايبان, حساب بنكي, رقم الحساب",
        "الحساب البنكي",
        "银行账号, 銀行賬號, 銀行帳號, 银行账户, 银行帐号, 账号, 卡号账户, conta bancaria, conta corrente, conta",
    ),
    Kind.PAYMENT_CARD: _phrases(
        "card number, credit card, debit card, card no, pan, cardnumber, payment card, last four, cc number, card",
        "رقم البطاقة, بطاقة ائتمان, بطاقة الدفع, البطاقة الائتمانية, 卡号, 卡號, 信用卡, 银行卡, 銀行卡, cartao",
        "numero do cartao",
    ),
    Kind.COORDINATES: _phrases(
        "latitude, longitude, lat, lng, lon, long, coordinates, coords, geo, gps, latlng, geolocation, geopoint",
        "location point",
        "lat lng, x m, y m, خط العرض, خط الطول, إحداثيات, الموقع الجغرافي, عرض, طول, 纬度, 緯度, 经度, 經度",
        "坐标, 座標",
        "定位, 经纬度",
        "coordenadas, latitude cliente, geolocalizacao",
    ),
    Kind.ADDRESS: _phrases(
        "address, addr, street, address1, address2, address line, home address, delivery address, apartment",
        "building, postal address",
        "zip, zip code, zipcode, postcode, post code, postal code, pin code, pincode, dropoff address, villa",
        "residence, flat",
        "عنوان, شارع, العنوان, عنوان التوصيل, الرمز البريدي, مبنى, شقة, السكن, رمز بريدي, العنوان الوطني",
        "地址, 住址, 街道, 门牌, 門牌, 邮编, 郵編, 郵遞區號, 送货地, 居住地, 住所, endereco, rua, logradouro, cep",
        "bairro, complemento, morada",
    ),
    Kind.BIRTH_DATE: _phrases(
        "birth, birth date, date of birth, dob, birthday, birthdate, born, born on, bday, birth year",
        "year of birth, d o b",
        "ميلاد, تاريخ الميلاد, مواليد, سنة الميلاد, تاريخ الولادة, ولادة, 生日, 出生, 出生日期, 生辰, nascimento",
        "data de nascimento",
        "dt nasc, dt nascimento, nasc, aniversario, data nasc",
    ),
    Kind.IP_ADDRESS: _phrases(
        "ip, ip address, ipv4, ipv6, client ip, remote addr, ip addr, عنوان الشبكة, عنوان ip, آي بي, endereco ip,"
        " ip地址, 登录ip, 网络地址"
    ),
    Kind.PLATE: _phrases(
        "plate, plate number, plate no, license plate, licence plate, number plate, registration plate",
        "vehicle plate, car number",
        "لوحة, رقم اللوحة, لوحة المركبة, 车牌, 車牌, 牌照, placa, placa do veiculo, matricula do veiculo",
        "vehicle registration",
    ),
    Kind.PERSON_KEY: _phrases(
        "payment method id, payment methods id, customer id, user id, rider id, driver id, courier id",
        "consumer id, employee id, respondent id",
        "client id, person id, dasher id",
        "customer key, user key, account id, member id, courier, matricola, device id, collector id, decider id",
        "lead id, owner id, party id",
        "staff id, passenger id, customer no, customer number, issued by, user uuid, customer uuid, customer ref",
        "uid, rider, resource",
        "employee, employee ids, id of customer, advertising id, idfa, imei, mac address, cookie id, assigned to",
        "created by, agent id",
        "رقم العميل, رقم المستخدم, رقم السائق, رقم المندوب, معرف العميل, معرف المستخدم, معرف السائق",
        "الرقم الوظيفي, معرف المندوب",
        "رقم الموظف, رقم الزبون, معرف الزبون, معرف الجهاز",
        "客户编号, 客戶編號, 客户id, 用户id, 用戶id, 用户编号, 用戶編號, 骑手id, 騎手id, 骑手编号, 騎手編號",
        "司机编号, 司機編號, 员工编号, 員工編號, 工号, 工號",
        "会员号, 會員編號, 会员编号, 设备号, 設備編號, 顾客编号, 顧客編號",
        "id cliente, id usuario, id entregador, id motorista, codigo cliente, codigo do cliente, matricula",
        "id do cliente, id do usuario",
        "id do entregador, codigo do entregador, id do motorista, id funcionario",
    ),
    Kind.TRAIT: _phrases(
        "gender, sex, age, marital, marital status, nationality, occupation, income, monthly income, education",
        "household, family size",
        "educational qualifications, children, salary, job title, citizenship, since hired, hire date, joined at",
        "mother tongue, age group",
        "blood group, age band, profession, birthplace, place of birth",
        "جنس, عمر, الحالة الاجتماعية, جنسية, مهنة, دخل, راتب, تعليم, عدد أفراد الأسرة, الفئة العمرية, محل الميلاد",
        "سن, المؤهل",
        "性别, 性別, 年龄, 年齡, 婚姻, 国籍, 國籍, 职业, 職業, 收入, 学历, 學歷, 家庭人数, 薪资, 薪資, 工资, 籍贯",
        "籍貫, 年龄段",
        "genero, sexo, idade, estado civil, nacionalidade, profissao, renda, escolaridade, salario, ocupacao",
        "naturalidade, faixa etaria",
    ),
    Kind.OPINION: (),
    Kind.FREE_TEXT: _phrases(
        "word, words, token, tweet, كلمة, 词, 詞, palavra, comment, comments, notes, note, remark, remarks",
        "review, reviews, message, feedback, complaint",
        "instructions, free text, reply, post",
        "issue description, issues description, description of problem, delivery note, transcript, chat",
        "reason text, answer text, delivery instructions",
        "known info, persona",
        "تعليق, ملاحظات, ملاحظة, رسالة, شكوى, مراجعة, وصف المشكلة, تعليمات, تعليقات, رأي, محادثة",
        "备注, 備註, 留言, 评论, 評論, 评价内容, 評價內容, 投诉内容, 投訴內容, 反馈, 回饋, 意见, 意見, 说明, 說明",
        "聊天, 点评, 點評, 訊息",
        "comentario, comentarios, observacao, observacoes, mensagem, reclamacao, avaliacao texto, instrucoes",
        "recado, opiniao",
    ),
    Kind.HEALTH: _phrases(
        "diagnosis, medical, health condition, health status, illness, disease, disability, allergy, allergies",
        "blood type, pregnant, pregnancy",
        "sick, sick leave, sickness, medication, symptoms, injury, vaccination, vaccinated, chronic, treatment",
        "excuse, blood group, bmi, biometric",
        "تشخيص, مرض, حالة صحية, الحالة الصحية, حساسية, إعاقة, فصيلة الدم, إجازة مرضية, أمراض, دواء, إصابة, حمل",
        "التاريخ المرضي, أدوية, تطعيم",
        "诊断, 診斷, 疾病, 病史, 病假, 过敏, 過敏, 残疾, 殘疾, 殘障, 血型, 健康状况, 健康狀況, 症状, 症狀, 怀孕",
        "懷孕, 用药, 用藥, 疫苗, 受伤, 健康情况",
        "diagnostico, doenca, doencas, alergia, alergias, deficiencia, tipo sanguineo, gestante, atestado",
        "condicao de saude, saude",
        "medicamento, medicamentos, sintomas, lesao, vacina, gravidez, cid, comorbidade, remedios",
    ),
    Kind.BELIEF: _phrases(
        "religion, faith, religious, sect, ethnicity, race, ethnic, political party, political, union member",
        "trade union, sexual orientation",
        "creed, tribe, caste, denomination, religious affiliation, party affiliation",
        "دين, ديانة, مذهب, طائفة, عرق, قبيلة, حزب, نقابة, انتماء, المعتقد, الأصل العرقي",
        "宗教, 信仰, 民族, 种族, 種族, 党派, 黨派, 政治面貌, 工会, 工會, 性取向, 政治立場, 族群",
        "religiao, crenca, etnia, raca, raca cor, cor, partido, filiacao sindical, orientacao sexual, sindicato",
        "partido politico",
    ),
    Kind.MISCONDUCT: _phrases(
        "criminal record, conviction, offence, convictions, criminal, misconduct, accusation, background check",
        "disciplinary, fraud accusation",
        "states, witness statement, offence committed, سوابق, سجل جنائي, مخالفة سلوكية, اتهام, 犯罪, 前科, 案底",
        "犯罪记录, 犯罪紀錄, 违纪, 違紀",
        "antecedentes, antecedentes criminais, condenacao, acusacao, infracao disciplinar",
    ),
    Kind.MONEY: _phrases(
        "amount, price, subtotal, revenue, fee, fees, cost, total, total amount, order total, budget, tip",
        "discount, refund, refunded amount",
        "basket minor, minor, pay, payout, commission, spend, gmv, margin, profit, earnings, balance, expense",
        "unit price, order value, bonus",
        "history, guaranteed pay per hour, pay per order, total payment amount, payment amount, penalty amount",
        "fare, turnover, points, value, quota, quota riders",
        "مبلغ, سعر, رسوم, تكلفة, إجمالي, ايراد, إيراد, خصم, بقشيش, استرداد, عمولة, رصيد, أرباح, قيمة, ميزانية",
        "مصاريف",
        "金额, 金額, 价格, 價格, 单价, 單價, 费用, 費用, 总价, 總價, 小费, 小費, 折扣, 退款, 佣金, 余额, 餘額",
        "营业额, 營業額, 成本, 利润, 运费, 運費, 实付",
        "valor, preco, taxa, custo, total pago, gorjeta, desconto, reembolso, comissao, saldo, receita, lucro",
        "faturamento, frete, orcamento",
    ),
    Kind.OPEN_FACT: _phrases(
        "country, timezone, time zone, weather, temperature, precipitation, wind speed, cloud coverage, humidity",
        "holiday, weekday, wind",
        "temperature c, wind m s, precipitation mm, cloud share, is weekend, is ramadan, hijri date, weekend",
        "hijri year, hijri month, hijri day",
        "sunset at, is school term, observed at, cloud, day of week",
        "دولة, بلد, المنطقة الزمنية, طقس, درجة الحرارة, سرعة الرياح, أمطار, عطلة, 国家, 國家, 时区, 時區, 天气",
        "天氣, 气温, 氣溫, 风速, 風速, 节假日",
        "降水, 降雨, pais, fuso horario, clima, temperatura, precipitacao, feriado, dia da semana, vento",
    ),
}

_OTHERS: Mapping[Other, tuple[str, ...]] = {
    Other.CODE: _phrases(
        "order id, order number, order no, id, ids, code, sku, barcode, invoice, tracking, reference, ref, serial",
        "number, session, ticket",
        "batch, voucher, coupon, transaction, stock code, stockcode, uuid, hash, key, version, build, model, lot",
        "article, receipt, upc, ean",
        "رقم الطلب, رمز, كود, فاتورة, مرجع, رقم العملية, قسيمة, شحنة, تسلسل, باركود",
        "订单号, 訂單號, 单号, 單號, 编号, 編號, 编码, 編碼, 条码, 條碼, 流水号, 流水號, 发票, 發票, 批次, 优惠码",
        "優惠碼, 代码, 代碼, 型号, 型號",
        "pedido, codigo, nota fiscal, rastreio, referencia, lote, cupom, transacao, protocolo, serie, chave",
    ),
    Other.TIME: _phrases(
        "at, time, date, timestamp, created, updated, datetime, day, hour, month, epoch, ts, when, slot, week",
        "year, deadline",
        "وقت, تاريخ, يوم, ساعة, طابع زمني, 时间, 時間, 日期, 时刻, 時刻, 小时, 小時, 时间戳, 時間戳, data, hora",
        "horario, dia, criado",
    ),
    Other.MEASURE: _phrases(
        "count, minutes, min, seconds, distance, duration, quantity, weight, speed, size, share, ratio, rate",
        "score, km, meters, ms, percent",
        "items, orders, stars, rating, units, volume, level, coverage, capacity, pct, avg, mean, index",
        "عدد, مسافة, مدة, كمية, وزن, نسبة, تقييم, سرعة, دقائق, 数量, 數量, 距离, 距離, 时长, 時長, 重量, 比例",
        "评分, 評分, 次数, 次數, 分钟, 分鐘, 占比, 件数",
        "quantidade, distancia, duracao, peso, velocidade, nota, proporcao, minutos, itens, avaliacao, percentual",
    ),
    Other.PLACE: _phrases(
        "city, country, region, zone, area, district, state, province, market, neighborhood, governorate, town",
        "cell, h3, h3 cell, grid",
        "مدينة, منطقة, دولة, حي, محافظة, بلد, 城市, 地区, 地區, 区域, 區域, 省份, 国家, 國家, 商圈, 行政区",
        "行政區, cidade, regiao, zona, estado, pais, municipio",
    ),
    Other.THING: _phrases(
        "product, item, dish, category, status, type, kind, channel, source, brand, campaign, reason, vehicle",
        "menu, cuisine, color, segment",
        "title, label, activity, option, policy, metric, unit, role, action, stage, mode, method, description",
        "meal, service, plan, department",
        "منتج, صنف, طبق, فئة, حالة, نوع, قناة, مصدر, علامة, سبب, مركبة, دور, قسم, وجبة, عرض, 商品, 菜品, 菜名",
        "类别, 類別, 状态, 狀態, 类型, 類型, 渠道, 来源, 來源",
        "品牌, 原因, 车型, 車型, 套餐, 部门, 部門, produto, prato, categoria, situacao, tipo, canal, origem",
        "marca, motivo, veiculo, cardapio, setor, departamento",
    ),
    Other.NETWORK: _phrases("version, build, firmware, release, إصدار, 版本, versao"),
}
