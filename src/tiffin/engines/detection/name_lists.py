"""Common names of people, by which a column of names is known.

Names as such are facts. Written by hand; commonness can be checked in the public statistics of the United States Social
Security Administration and Census Bureau (given names, surnames), IBGE's "Nomes no Brasil" (2010 census), the yearly
report of names of China's Ministry of Public Security (2020), and the civil registers of Hong Kong and the Gulf states.
A column is known by a good part of its names, so that the lists need not be whole.
"""

from tiffin.engines.detection.samples import folded


def _names(*lines: str) -> frozenset[str]:
    return frozenset(folded(word) for line in lines for word in line.split())


GIVEN = _names(
    "james mary john patricia robert jennifer michael linda william elizabeth david barbara richard susan joseph",
    "jessica thomas sarah charles",
    "karen christopher lisa daniel nancy matthew betty anthony margaret mark sandra donald ashley steven kimberly",
    "paul emily andrew donna",
    "joshua michelle kenneth carol kevin amanda brian dorothy george melissa edward deborah ronald stephanie",
    "timothy rebecca jason sharon",
    "jeffrey laura ryan cynthia jacob kathleen gary amy nicholas angela eric shirley jonathan anna stephen brenda",
    "larry pamela justin emma",
    "scott nicole brandon helen benjamin samantha samuel katherine gregory christine frank debra alexander rachel",
    "raymond carolyn patrick",
    "janet jack catherine dennis maria jerry heather tyler diane aaron ruth jose julie adam olivia nathan joyce",
    "henry virginia douglas sophia",
    "zachary victoria peter kelly kyle lauren ethan christina walter noah joan jeremy evelyn harold judith keith",
    "megan christian andrea roger",
    "cheryl terry hannah austin jean sean alice gerald carl martha liam lucas mason logan oliver elijah aiden mia",
    "ava isabella amelia harper",
    "ella grace chloe zoe lily leo max oscar theo freya poppy alfie archie harry simon colin graham nigel ian",
    "fiona claire yusuf ivan lei",
    "antonio joao jose francisco carlos pedro lucas luiz marcos luis gabriel rafael marcelo bruno eduardo felipe",
    "raimundo rodrigo manoel",
    "mateus andre fernando fabio leonardo gustavo guilherme leandro tiago anderson ricardo marcio jorge sebastiao",
    "alexandre roberto edson",
    "diego vitor sergio claudio matheus thiago geraldo adriano luciano julio renato alex vinicius rogerio samuel",
    "ronaldo mario flavio igor",
    "douglas davi manuel jeferson cicero victor miguel arthur heitor bernardo caio enzo maria ana francisca",
    "antonia adriana juliana marcia",
    "fernanda patricia aline sandra camila amanda bruna jessica leticia julia luciana vanessa mariana gabriela",
    "vera vitoria larissa claudia",
    "beatriz rita luana sonia renata eliane josefa simone natalia cristiane carla debora rosangela jaqueline rosa",
    "daniela aparecida marlene",
    "terezinha raimunda andreia fabiana lucia raquel rafaela rosana sofia helena alice valentina laura isadora",
    "livia manuela heloisa lorena",
    "mohammed muhammad mohamed ahmed ahmad ali omar hassan hussein khalid abdullah ibrahim yousef yusuf saad",
    "fahad faisal sultan nasser saleh",
    "majed tariq hamad salem salman turki bandar nawaf rashid waleed sami ziad karim mahmoud mustafa abdulrahman",
    "abdulaziz fatima aisha",
    "maryam noura nora sara layla huda amal reem hessa latifa shaikha mona salma yasmin rania dana lina hind",
    "amina zainab khadija abeer maha",
    "wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xiu ying hua ping gang mei hui",
    "xin yu hao chen siu wai kwok",
    "chi man tai ka ho wing yee yuen kit mei ling sze hoi lok shing chun hong fai kin yiu raj priya rahul amit",
    "sunita anil ravi imran asif",
)
SURNAMES = _names(
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson",
    "anderson thomas taylor moore",
    "jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king",
    "wright scott torres nguyen",
    "hill flores green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans",
    "turner diaz parker cruz edwards",
    "collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed",
    "kelly howard ramos kim cox",
    "ward richardson watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo",
    "sanders patel myers long ross",
    "foster jimenez powell jenkins perry russell sullivan bell coleman butler henderson barnes fisher vasquez",
    "simmons graham murray ford",
    "silva santos oliveira souza sousa rodrigues ferreira alves pereira lima gomes costa ribeiro martins carvalho",
    "almeida lopes soares",
    "fernandes vieira barbosa rocha dias nascimento andrade moreira nunes marques machado mendes freitas cardoso",
    "ramos goncalves santana",
    "teixeira araujo pinto batista campos moura correia cavalcante azevedo monteiro melo borges reis barros",
    "castro miranda fonseca farias",
    "alghamdi ghamdi alharbi harbi alqahtani qahtani alotaibi otaibi alzahrani zahrani alshehri shehri almutairi",
    "mutairi aldosari dosari",
    "alshammari shammari alrashid rashidi almansoori mansoori alnuaimi nuaimi almarri marri althani thani alsabah",
    "sabah hassan khan ahmed",
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang",
    "deng han feng cao peng",
    "zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren yao shen lau chan wong cheung leung",
    "ng tsang kwok lam yeung",
    "ho chow cheng mak fung tam kwan tse yip lui chiu hui siu yuen poon lai kwong sharma singh kumar gupta rossi",
    "muller kovacs ito",
)
PARTICLES = _names(
    "de da do dos das e van von del della di la le bin bint ibn al el abu abd mc o y der ben jr sr mr mrs ms dr s"
    "ra dona"
)

ARABIC = _names(
    "محمد احمد علي عبدالله عبد خالد فهد سعد ناصر سلطان عمر حسن حسين ابراهيم يوسف صالح سالم سلمان فيصل تركي بندر",
    "نواف ماجد طارق حمد راشد",
    "وليد سامي زياد كريم محمود مصطفى عبدالرحمن عبدالعزيز عبدالكريم عبدالمجيد عثمان بدر مشعل منصور مساعد عادل ياسر",
    "هشام رامي باسم جاسم",
    "فاطمة عائشة مريم نورة نورا سارة ليلى هدى امل ريم حصة لطيفة شيخة منى سلمى ياسمين رانيا دانة لينا هند امينة",
    "زينب خديجة عبير مها ندى",
    "غادة جواهر موضي منيرة الجوهرة اسماء رقية وفاء سعاد نجلاء حنان دلال شهد رهف لمى العنود مبارك خليفة سيف حمدان",
    "زايد مكتوم سعيد عيسى",
    "موسى داود سليمان اسماعيل انس بلال حمزة طلال غازي فارس جابر نايف مازن ايمن كمال جمال نبيل شريف اشرف خليل رضا",
    "حامد ماهر وائل",
    "الغامدي الحربي القحطاني العتيبي الزهراني الشهري المطيري الدوسري الشمري الرشيد المنصوري النعيمي المري الثاني",
    "الصباح العنزي السبيعي",
    "الاحمد العلي الحسن الخالد السالم الناصر السعيد المالكي البلوشي الكعبي الشامسي المهيري الهاجري العجمي الرشيدي",
    "الفضلي الكندري بوعلي",
    "الشريف السيد المصري الخطيب حداد نجار الحسيني التميمي الشهراني الاسمري البقمي العمري الجهني البلوي السلمي",
    "الثقفي اليامي الخالدي",
)
ARABIC_PARTS = _names("بن بنت ابن ابو ابا ام ال عبد ابي")

HAN_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷"
    "龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳"
    "甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蔣葉蘇呂盧鐘鍾譚陸賈鄒龍賀顧龔萬錢戴嚴湯齊喬龐顏莊聶魯詹歐關蘭紀單塗盛駱藍"
    "簡游連丘麥區鄺冼招"
)
HAN_DOUBLE = (
    "欧阳",
    "歐陽",
    "司马",
    "司馬",
    "上官",
    "诸葛",
    "諸葛",
    "司徒",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "端木",
    "夏侯",
)
HAN_GIVEN = frozenset(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红兰梅玲燕辉鹏飞宇浩欣怡子轩梓涵雨泽晨曦诗琪婷雪慧莹佳俊"
    "博文志建国海波斌林峰鑫凯龙宁云龙辰逸思嘉家豪颖琳倩蕾薇"
    "春凤珍琴香莲翠美惠淑贤德仁义礼信荣昌福祥瑞庆康健成功光亮东南西北中天星月阳春夏秋冬朝晖旭昊然睿哲彦航皓铭锦程"
    "鸿翔翰墨若萱芷依可心乐瑶璇珊珠瑾瑜琦玮珏"
    "偉靜麗強軍勇艷傑濤華紅蘭輝鵬飛澤曦詩瑩國雲龍瑩穎鳳義禮榮慶東陽銘錦鴻樂瑤瓊儀詠綺嵐穗霖鎮耀煒鈞誠謙賢淳宏達永"
    "仲叔孝廉維衛立良才生根水木火土金山川河石松柏竹"
)
