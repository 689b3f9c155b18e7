"""How columns are called in five languages; written apart from the detectors' own words."""


def _p(*lines: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in lines for phrase in line.split(",") if phrase.strip())


HEADINGS = {
    "phone": {
        "en": _p("Customer phone, mobile_no, Tel., contactNumber"),
        "ar": _p("رقم الجوال, هاتف العميل, الموبايل"),
        "zh_Hans": _p("手机号, 联系电话"),
        "zh_Hant": _p("手機號碼, 聯絡電話"),
        "pt": _p("telefone, celular_cliente, Fone"),
    },
    "email": {
        "en": _p("e-mail, customerEmail, mail"),
        "ar": _p("البريد الإلكتروني, ايميل"),
        "zh_Hans": _p("邮箱, 电子邮件"),
        "zh_Hant": _p("電郵, 電子郵件"),
        "pt": _p("e-mail, email_cliente"),
    },
    "person_name": {
        "en": _p("customer_name, Full name, recipient, riderName"),
        "ar": _p("اسم العميل, الاسم الكامل, المستلم"),
        "zh_Hans": _p("姓名, 收件人, 骑手姓名"),
        "zh_Hant": _p("姓名, 收件人, 聯絡人"),
        "pt": _p("nome_cliente, Nome completo, destinatário"),
    },
    "national_id": {
        "en": _p("id_number, National ID, ssn"),
        "ar": _p("رقم الهوية, رقم الإقامة, الرقم المدني"),
        "zh_Hans": _p("身份证号, 证件号码"),
        "zh_Hant": _p("身份證號碼, 身分證字號"),
        "pt": _p("CPF, cpf_cliente, documento"),
    },
    "company_id": {"pt": _p("CNPJ, cnpj_loja")},
    "passport": {
        "en": _p("passport_no, Passport"),
        "ar": _p("رقم الجواز, جواز السفر"),
        "zh_Hans": _p("护照号, 护照号码"),
        "zh_Hant": _p("護照號碼, 護照"),
        "pt": _p("passaporte, num_passaporte"),
    },
    "iban": {"en": _p("iban, bank_account"), "ar": _p("رقم الآيبان, الحساب البنكي"), "pt": _p("iban, conta_bancaria")},
    "payment_card": {
        "en": _p("card_number, Credit card"),
        "ar": _p("رقم البطاقة, بطاقة الدفع"),
        "zh_Hans": _p("银行卡号, 信用卡"),
        "zh_Hant": _p("信用卡號, 銀行卡號"),
        "pt": _p("cartao, numero_cartao"),
    },
    "coordinates": {
        "en": _p("USER_LAT, dropoff_longitude, location_gps"),
        "ar": _p("خط العرض, الإحداثيات"),
        "zh_Hans": _p("经度, 收货坐标"),
        "zh_Hant": _p("緯度, 座標"),
        "pt": _p("latitude_entrega, coordenadas"),
    },
    "address": {
        "en": _p("delivery_address, Street, home address"),
        "ar": _p("عنوان التوصيل, العنوان"),
        "zh_Hans": _p("收货地址, 住址"),
        "zh_Hant": _p("送貨地址, 住址"),
        "pt": _p("endereço, logradouro"),
    },
    "birth_date": {
        "en": _p("dob, Birth date, date_of_birth"),
        "ar": _p("تاريخ الميلاد, المواليد"),
        "zh_Hans": _p("出生日期, 生日"),
        "zh_Hant": _p("出生日期, 生日"),
        "pt": _p("data_nascimento, dt_nasc"),
    },
    "ip_address": {
        "en": _p("ip, client_ip, remote_addr"),
        "ar": _p("عنوان IP"),
        "zh_Hans": _p("登录IP, IP地址"),
        "zh_Hant": _p("登入IP, IP地址"),
        "pt": _p("endereço_ip, ip_acesso"),
    },
    "plate": {
        "en": _p("plate_number, License plate"),
        "ar": _p("رقم اللوحة, لوحة المركبة"),
        "zh_Hans": _p("车牌号, 车牌"),
        "zh_Hant": _p("車牌號碼, 車牌"),
        "pt": _p("placa, placa_veiculo"),
    },
    "free_text": {
        "en": _p("comments, delivery_notes, review"),
        "ar": _p("ملاحظات, تعليق العميل"),
        "zh_Hans": _p("备注, 评论内容"),
        "zh_Hant": _p("備註, 顧客留言"),
        "pt": _p("observações, comentario"),
    },
    "health": {
        "en": _p("medical_condition, absence_illness"),
        "ar": _p("الحالة الصحية, مرض"),
        "zh_Hans": _p("健康状况, 疾病"),
        "zh_Hant": _p("健康狀況, 疾病"),
        "pt": _p("condição_saúde, doença"),
    },
    "belief": {
        "en": _p("religion, faith"),
        "ar": _p("الديانة, الدين"),
        "zh_Hans": _p("宗教, 信仰"),
        "zh_Hant": _p("宗教, 信仰"),
        "pt": _p("religião, crença"),
    },
    "trait": {
        "en": _p("gender, sex"),
        "ar": _p("الجنس"),
        "zh_Hans": _p("性别"),
        "zh_Hant": _p("性別"),
        "pt": _p("sexo, gênero"),
    },
    "person_key": {
        "en": _p("customer_id, rider_key_user_id"),
        "ar": _p("رقم العميل, معرف السائق"),
        "zh_Hans": _p("用户编号, 骑手ID"),
        "zh_Hant": _p("用戶編號, 客戶編號"),
        "pt": _p("id_cliente, codigo_cliente"),
    },
}
NEUTRAL = _p("col_7, field3, x1, value_b, column12, f_09, unnamed 4, attr, v2, kolom")
MISLEADING = _p(
    "order_ref, status_text, item_code, created_value, tmp_label, category, source, amount_x, legacy_no, misc"
)
PLAIN_HEADINGS = {
    "order_number": {
        "en": _p("order_no, Order ID"),
        "ar": _p("رقم الطلب"),
        "zh_Hans": _p("订单号"),
        "zh_Hant": _p("訂單編號"),
        "pt": _p("numero_pedido, pedido"),
    },
    "amount": {
        "en": _p("total_amount, price"),
        "ar": _p("المبلغ, السعر"),
        "zh_Hans": _p("金额, 单价"),
        "zh_Hant": _p("金額, 單價"),
        "pt": _p("valor_total, preço"),
    },
    "time": {
        "en": _p("created_at, placed time"),
        "ar": _p("وقت الطلب, تاريخ الإنشاء"),
        "zh_Hans": _p("下单时间"),
        "zh_Hant": _p("下單時間"),
        "pt": _p("data_pedido, criado_em"),
    },
    "merchant": {
        "en": _p("merchant_name, restaurant"),
        "ar": _p("اسم المطعم, المتجر"),
        "zh_Hans": _p("商家名称, 门店"),
        "zh_Hant": _p("商戶名稱, 餐廳"),
        "pt": _p("nome_loja, restaurante"),
    },
    "city": {
        "en": _p("city, region"),
        "ar": _p("المدينة"),
        "zh_Hans": _p("城市, 地区"),
        "zh_Hant": _p("城市, 地區"),
        "pt": _p("cidade, região"),
    },
    "dish": {
        "en": _p("item_name, dish"),
        "ar": _p("اسم الطبق, المنتج"),
        "zh_Hans": _p("菜品名称, 商品"),
        "zh_Hant": _p("菜名, 商品"),
        "pt": _p("produto, prato"),
    },
    "state": {
        "en": _p("order_status, state"),
        "ar": _p("حالة الطلب"),
        "zh_Hans": _p("订单状态"),
        "zh_Hant": _p("訂單狀態"),
        "pt": _p("situação, status_pedido"),
    },
    "cell": {"en": _p("zone_cell, h3")},
    "measure": {
        "en": _p("distance_km, prep_minutes"),
        "ar": _p("المسافة, الدقائق"),
        "zh_Hans": _p("距离"),
        "zh_Hant": _p("距離"),
        "pt": _p("distancia_km"),
    },
    "version": {"en": _p("app_version, build")},
    "code": {
        "en": _p("sku, voucher_code"),
        "ar": _p("رمز القسيمة, كود"),
        "zh_Hans": _p("优惠码, 条码"),
        "zh_Hant": _p("優惠碼, 條碼"),
        "pt": _p("cupom, codigo_produto"),
    },
}
