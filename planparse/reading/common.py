"""Which characters are common in Chinese writing (常用字): evidence that tells one reading of bytes from another."""

from __future__ import annotations

# The most frequent characters of running text, and the ones of plans; simplified, then their traditional forms.
_SIMPLIFIED = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后"
    "多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合"
    "还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只"
    "没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边"
    "流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造"
    "百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例"
    "真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
    "究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何"
    "除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满"
    "县局照参红细引听该铁价严校师课班乡镇村街职促抓确落施责督促检宣培训创优质环境服务安排计划总结篇范"
)
_TRADITIONAL = (
    "這為個國時來們於對會發動過說產種後學經進著電裡現實兩體機當點從業應開還義間樣與關線數質氣變條沒結問無軍"
    "並題黨員設總長頭資邊級圖統較將組見計別論運農幾強決幹戰則據處隊給門規領東導壓爭濟階術極聯認權證轉單風帶"
    "場車務萬達積議聲報鬥類離華確張馬節話況傳許廣記須際驗連斷難礦備辦習響約勞團歷構稱準號維劃選標寫親養層狀"
    "廠識適屬圓調滿縣參紅細聽該鐵價嚴師課鄉鎮職範篇責檢訓創優環總結"
)
_PUNCTUATION = "，。、；：？！“”‘’（）《》「」『』【】—…　·"
_COMMON = frozenset(_SIMPLIFIED + _TRADITIONAL + _PUNCTUATION)


def commonness(text: str) -> float:
    """The share of a text's characters beyond ASCII that are common ones, from 0 to 1; 0 where it has none."""
    high = [character for character in text if character > "\x7f"]
    return sum(character in _COMMON for character in high) / len(high) if high else 0.0
