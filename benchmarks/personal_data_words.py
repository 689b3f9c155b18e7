"""Words from which columns about made-up people are drawn, written apart from the detectors' own lists.

More than half of the names stand in none of the detectors' lists; ``personal_data.py`` counts and prints how many.
"""

# ruff: noqa: RUF001 - the marks of foreign keyboards are meant


def _w(*lines: str) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


def _p(*lines: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in lines for phrase in line.split(",") if phrase.strip())


def _s(*lines: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in lines for phrase in line.split("|") if phrase.strip())


GIVEN = {
    "en": _w(
        "Noah Emma Liam Grace Daniel Sophie Callum Niamh Rhys Imogen Ewan Freya Declan Tamsin Gareth Saoirse",
        "Rupert Beatrix Angus Cordelia",
        "Wesley Marcy Trent Darlene Clyde Bettina Otis Lorna Quentin Maeve Percy Winifred Roy Della Clifton Opal",
        "Dwight Leona Errol Hattie",
        "Michael Sarah James Karen David Laura Kevin Alice George Helen Priya Arjun Siobhan Desmond Ingrid Rory",
        "Tabitha Lachlan Bronwyn Hugo",
    ),
    "ar": _w(
        "محمد فهد نورة سارة عبدالله خالد لجين جوري تالا وسيم عمار لؤي هيفاء بثينة سهى ثامر متعب ضاري غنيم عذاري",
        "شذى أروى بسمة رغد معاذ قصي",
        "أحمد فاطمة عبدالرحمن مريم يوسف علي ليان إلين وتين رتيل أوس حسام نواف عبدالإله عبدالمحسن ريان صبا مشاري",
        "طلال هيا ميعاد جنى راكان فيصل",
        "سعود بدرية هند عمر حمود دخيل مطلق فلاح عايض شافي عبدالهادي كوثر سميرة أنور",
    ),
    "zh_Hans": _w(
        "伟 芳 秀英 建国 子涵 浩然 雨桐 欣妍 梓萱 俊杰 志强 丽娟 晓东 海燕 小红 桂兰 天宇 思远 若曦 一诺 沐阳",
        "奕辰 书瑶 凡 磊 婧 哲瀚 彤 绍辉 玉珍 敬之 念慈 怀瑾 鹤鸣 蔚然 钰",
        "明 丹 勇 帅 晶 鑫 倩 斌 颖 博 洁 昕 皓轩 语嫣 知夏",
    ),
    "zh_Hant": _w(
        "志明 家豪 淑芬 美玲 嘉欣 俊傑 詠琪 子軒 冠廷 雅婷 怡君 宗翰 佩珊 偉倫 國樑 麗儀 穎琳 柏翰 承恩 品妍 宥廷",
        "紹棠 婉雯 綽盈 頌恩 鎧澤 芷晴 梓晴 德華 敏儀 曉彤 淑貞 永康 倩 駿 浩賢 樂兒 靖",
    ),
    "pt": _w(
        "Maria João Ana Pedro Thaís Larissa Kauã Yasmin Wellington Jussara Edilson Ivete Nilton Valdirene Cauê",
        "Iara Ubirajara Moacir Dirce Neusa",
        "José Camila Rafael Letícia Thiago Rosângela Otávio Benício Maitê Lívia Giovanna Evandro Silvana",
        "Genivaldo Cleonice Osvaldo Noemi Zilda",
        "Lucas Juliana Bruno Fernanda Tainá Everton Josué Milena Aparecido Elisângela Gilson Margarete Adilson Ivone",
    ),
}
FAMILY = {
    "en": _w(
        "Smith Jones Brown Whitfield Ashworth Pemberton Hargreaves Okafor Thornbury Sinclair MacLeod O'Connor",
        "Fitzgerald Lockhart Winslow Dunmore",
        "Taylor Walker Clark Kowalczyk Vandermeer Lindqvist Abernathy Cresswell Blackwood Hollis Radford Tillman",
        "Yates Zimmerman Novak Petrov",
        "Johnson Wilson Davis Mensah Adeyemi Chaudhry Iyer Banerjee Wetherby Hawthorne Stanton Prescott Gallagher",
        "Kavanagh",
    ),
    "ar": _w(
        "العتيبي الغامدي الحربي القرني البيشي الرويلي السهلي العصيمي المهنا السويدي الظاهري الكتبي الفلاسي",
        "بوكشيشة الكواري المناعي السليطي",
        "العازمي الدوسري المطيري الشمري الصقعبي الراجحي المبارك الجابر الحميدي الوهيبي العيسى التركي السديري",
        "الخرافي الغانم المرزوق العوضي النقبي",
        "الزهراني القحطاني شعبان حجازي عوض درويش البغدادي طوقان قباني",
    ),
    "zh_Hans": tuple(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶杜苏魏程吕丁沈任姚卢傅钟"
        "姜崔谭晏闵阚臧仇"
    ),
    "zh_Hant": tuple(
        "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何羅高潘簡朱鍾彭游詹胡施沈余梁馮鄧麥龐關甄霍岑"
    ),
    "pt": _w(
        "Silva Santos Oliveira Brandão Siqueira Bittencourt Vasconcelos Queiroz Figueiredo Lacerda Peixoto",
        "Guimarães Tavares Assunção Sampaio",
        "Souza Lima Pereira Pacheco Cordeiro Bezerra Rezende Drummond Valente Meireles Paiva Furtado Coutinho",
        "Quintanilha Leite Magalhães",
        "Costa Ferreira Almeida Toledo Salgado Prado Amaral Dantas Nóbrega Evangelista",
    ),
}
STREETS = {
    "en": _p(
        "Maple Street, Oak Avenue, Kingsway Road, Elm Drive, Chestnut Lane, Sunset Boulevard, Victoria Road, Mill"
        " Lane, Harbour Way, 5th Ave, Cedar Ct"
    ),
    "ar": _p(
        "شارع الملك فهد, شارع التحلية, طريق الأمير سلطان, شارع العليا, شارع الخليج العربي, شارع ابن سينا, طريق ال"
        "شيخ زايد, شارع الوحدة"
    ),
    "zh_Hans": _p(
        "朝阳区建国路, 海淀区中关村大街, 浦东新区世纪大道, 天河区体育西路, 南山区科技园路, 武侯区人民南路, 西湖区"
        "文三路, 江岸区解放大道"
    ),
    "zh_Hant": _p(
        "旺角彌敦道, 中環皇后大道中, 沙田正街, 銅鑼灣軒尼詩道, 臺北市信義區松仁路, 新北市板橋區文化路, 觀塘開源道"
        ", 荃灣青山公路"
    ),
    "pt": _p(
        "Rua das Acácias, Avenida Paulista, Rua Sete de Setembro, Travessa do Comércio, Alameda Santos, Av. Brasi"
        "l, Rua Augusta, Estrada do Coco"
    ),
}
SENTENCES = {
    "en": _s(
        "the rider was late and the food was cold | please leave it at the door | I have waited for an hour",
        "great service but the bag was torn",
        "nobody answered when I called the shop | could not find my building so he left",
        "the drink was missing from the order | will not use this again",
    ),
    "ar": _s(
        "المندوب تأخر كثيرا والأكل وصل بارد | اتركه عند الباب من فضلك | انتظرت أكثر من ساعة ولم يصل الطلب",
        "الخدمة ممتازة لكن التغليف سيء جدا",
        "ما أحد رد علي في الدعم | لم يجد المبنى ورجع مع الطلب | العصير كان ناقص من الطلب",
        "شكرا على سرعة التوصيل في هذا اليوم",
    ),
    "zh_Hans": _s(
        "骑手来得太晚了，饭都凉了 | 请放在门口就可以了 | 我等了一个多小时还没到 | 味道很好但是包装破了",
        "打电话给店里没人接 | 找不到我们的楼就走了 | 少了一杯饮料请退款给我 | 以后不会再点这家的外卖了",
    ),
    "zh_Hant": _s(
        "外送員來得太晚了，飯都冷了 | 請放在門口就可以了 | 我等了一個多小時還沒到 | 味道很好但是包裝破了",
        "打電話去店裡沒有人接 | 找不到我們的大廈就走了 | 少了一杯飲料請退款給我 | 以後不會再叫這家的外賣了",
    ),
    "pt": _s(
        "o entregador atrasou muito e a comida chegou fria | por favor deixe na portaria",
        "esperei mais de uma hora pelo pedido | ótimo serviço mas a sacola veio rasgada",
        "ninguém atendeu quando liguei para a loja | não achou o meu prédio e foi embora",
        "faltou a bebida no pedido | não vou mais pedir por aqui",
    ),
}
HEALTH = {
    "en": _p(
        "Asthma, Diabetes, Peanut allergy, Epilepsy, Migraine, Pregnant, Sick leave, Hypertension, Back pain, Scoliosis"
    ),
    "ar": _p("ربو, سكري, حساسية الفول السوداني, صرع, حامل, إجازة مرضية, ارتفاع ضغط الدم, كسر, انزلاق غضروفي"),
    "zh_Hans": _p("哮喘, 糖尿病, 花生过敏, 癫痫, 怀孕, 病假, 高血压, 骨折, 腰椎间盘突出"),
    "zh_Hant": _p("哮喘, 糖尿病, 花生過敏, 癲癇, 懷孕, 病假, 高血壓, 骨折, 椎間盤突出"),
    "pt": _p(
        "Asma, Diabete, Alergia a amendoim, Epilepsia, Gestante, Atestado médico, Hipertensão, Fratura, Hérnia de disco"
    ),
}
BELIEF = {
    "en": _p("Muslim, Christian, Hindu, Buddhist, Jewish, Sikh, Baha'i"),
    "ar": _p("مسلم, مسيحي, هندوسي, بوذي, سيخي, يهودي, صابئي"),
    "zh_Hans": _p("佛教, 道教, 基督教, 天主教, 伊斯兰教, 无宗教, 东正教"),
    "zh_Hant": _p("佛教, 道教, 基督教, 天主教, 回教, 無宗教, 一貫道"),
    "pt": _p("Católica, Evangélica, Espírita, Umbanda, Ateu, Judaico, Luterana"),
}
TRAITS = {
    "en": _p("Male, Female"),
    "ar": _p("ذكر, أنثى"),
    "zh_Hans": _p("男, 女"),
    "zh_Hant": _p("男, 女"),
    "pt": _p("Masculino, Feminino"),
}
MERCHANTS = {
    "en": _p(
        "Burger Palace, Golden Wok, Maria's Kitchen, Pizza House, Green Bowl, Taco Corner, Noodle Bar, Smith & So"
        "ns Bakery, Curry Garden, The Fish Shop, Sushi Go"
    ),
    "ar": _p(
        "مطعم البيك, شاورما الريف, مخبز السعادة, بيت المشويات, مقهى النخيل, برجر الزاوية, مطعم أبو علي, حلويات ال"
        "شام, بيتزا روما, ركن العصير"
    ),
    "zh_Hans": _p(
        "黄焖鸡米饭, 张记面馆, 李家小炒店, 老王烧烤, 川味火锅, 金牌奶茶店, 江南小笼包, 马家牛肉面, 唐宫餐厅, 高记包子铺"
    ),
    "zh_Hant": _p(
        "譚仔雲南米線, 陳記茶餐廳, 金鳳冰室, 林家滷肉飯, 老張牛肉麵, 黃家燒味, 江記豆花店, 高雄海鮮餐廳, 許留山甜"
        "品店, 羅富記粥麵"
    ),
    "pt": _p(
        "Pizzaria do João, Padaria Santa Maria, Churrascaria Gaúcha, Lanchonete Silva, Burger da Vila, Açaí Mania"
        ", Restaurante da Ana, Sushi Rio, Bar do Zé, Doces da Praça"
    ),
}
CITIES = {
    "en": _p(
        "London, Manchester, Birmingham, Leeds, San Jose, Santa Clara, Chicago, Boston, Austin, Madison, Jackson,"
        " Charlotte"
    ),
    "ar": _p(
        "الرياض, جدة, الدمام, مكة المكرمة, المدينة المنورة, الدوحة, دبي, أبوظبي, الشارقة, الكويت, الطائف, الخبر",
    ),
    "zh_Hans": _p(
        "北京市, 上海市, 广州市, 深圳市, 成都市, 江苏省, 黄浦区, 马鞍山市, 常熟市, 石家庄市, 唐山市, 温州市",
    ),
    "zh_Hant": _p(
        "臺北市, 高雄市, 九龍城區, 黃大仙區, 荃灣區, 沙田區, 元朗區, 新竹縣, 屯門區, 金門縣, 馬祖港, 石門區",
    ),
    "pt": _p(
        "São Paulo, Rio de Janeiro, Santa Maria, São José, Salvador, Curitiba, Porto Alegre, Belo Horizonte, Reci"
        "fe, Santo André, Vitória, Natal"
    ),
}
DISHES = {
    "en": _p(
        "Chicken Burger, Caesar Salad, Lamb Kebab, Apple Pie, Iced Latte, Pepperoni Pizza, Fish Tacos, Garlic Bre"
        "ad, Miso Soup, Halal Beef Wrap"
    ),
    "ar": _p("كبسة دجاج, شاورما لحم, فتوش, عصير برتقال, برجر جبن, كنافة, سلطة سيزر, رز بخاري, حمص, فلافل"),
    "zh_Hans": _p("宫保鸡丁, 麻婆豆腐, 鱼香肉丝, 珍珠奶茶, 牛肉面, 番茄炒蛋, 白米饭, 红烧肉, 酸辣粉, 水饺"),
    "zh_Hant": _p("滷肉飯, 珍珠奶茶, 叉燒飯, 雲吞麵, 牛肉麵, 鳳梨酥, 蚵仔煎, 白灼菜心, 蘿蔔糕, 凍檸茶"),
    "pt": _p(
        "Feijoada, Pão de queijo, Coxinha, Suco de laranja, X-Salada, Frango grelhado, Açaí 500ml, Bolo de cenour"
        "a, Picanha, Moqueca"
    ),
}
STATES = {
    "en": _p("delivered, cancelled, placed, returned, picked up, waiting for rider"),
    "ar": _p("تم التوصيل, ملغي, قيد التنفيذ, مرتجع, في الطريق, بانتظار المندوب"),
    "zh_Hans": _p("已完成, 已取消, 配送中, 待接单, 已退款, 备餐中"),
    "zh_Hant": _p("已完成, 已取消, 配送中, 待接單, 已退款, 準備中"),
    "pt": _p("entregue, cancelado, em preparo, devolvido, a caminho, aguardando entregador"),
}
