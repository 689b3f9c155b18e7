"""Words that carry no meaning of their own, by language: a question is full of them."""

from collections.abc import Mapping

from tiffin.engines.search.folding import folded


def _words(text: str) -> frozenset[str]:
    return frozenset(folded(text).split())


STOP_WORDS: Mapping[str, frozenset[str]] = {
    "en": _words(
        "a an the of to in on at by for from with without and or not no is are was were be been being do "
        "does did have has had i me my we us our you your it its they them their he his she her who whom "
        "whose what which when where why how that this these those there here much many any some all "
        "each every so than then as if but because before after up out off over under into about against "
        "can could will would should may might must get got let one ones show tell give find want need "
        "see look list page data number really actually only also more most less anybody anyone somebody someone "
        "everybody everyone anything something everything ever whether please just yet too very lot lots thing things"
    ),
    "pt": _words(
        "o a os as um uma uns umas de do da dos das em no na nos nas por pelo pela para pra pro com sem "
        "e ou que se nao é são foi foram era eram ser estar está estão estamos tem têm temos ter há eu "
        "me meu minha nós a gente nosso nossa você seu sua eles elas ele ela dele dela quem qual quais "
        "quando onde porque como quanto quanta quantos quantas isso esse essa este esta aquele mais "
        "menos muito muita muitos já ao aos à às até desde entre sobre fica ficam ficou vão vai cada "
        "todo toda todos todas mesmo tão quão mostrar ver lista alguém algum alguma alguns algumas algo favor "
        "queria gostaria preciso cadê aí lá aqui"
    ),
    "ar": _words(
        "من في على الى إلى عن مع ب ل و او أو ما لا لم لن هل كم كيف متى اين أين وين ليش لماذا لأن لان "
        "الذي التي اللي الذين هذا هذه ذلك تلك هو هي هم نحن انا أنا أنت كان كانت يكون قد ثم حتى لين بعد "
        "قبل عند عندنا فيه فيها منها منه له لها لهم وش شو ايش شلون مين كل بعض أي اي أبي ابي نبي اريد "
        "أريد إن أن ان لو إذا اذا غير بس كانوا صار ياخذ يأخذ فعلا فعلاً خلال مين وشلون ممكن لو سمحت ليه "
        "ايه إيه دي ده احنا عايز عاوز بدي شنو هناك هنا"
    ),
    "zh": frozenset("的了是在有吗呢和与及我你他们跟被把就都还多少几个哪些什怎样么这那之而"),
}
"""Chinese ones are single characters: a pair that holds one of them is no term."""

CIRCUMSTANCES: Mapping[str, frozenset[str]] = {
    "en": _words("yesterday today tonight tomorrow now currently recently city town night"),
    "pt": _words("ontem hoje agora amanha atualmente recentemente cidade"),
    "ar": _words("امس اليوم الان الحين غدا بكرة حاليا المدينة مدينة"),
    "zh": frozenset("昨今明天城市"),
}
"""Words that say when or where something is wanted: a question that says more than them is about the rest."""
