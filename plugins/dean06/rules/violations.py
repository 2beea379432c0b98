"""What is wrong with a record that breaks a rule, in words, from what the rule demands.

A suite says what is right ("Commune code is given."). Where violations are counted, and in what an
agency gets back, the same words would say the contrary of what is meant. Descriptions follow a few
sentence forms, so the violation is derived from them; a test has every rule of every suite pass
through a form of its own. A sentence of no known form is marked as broken and kept as it is.
"""

import re

from dean06.contract import Bilingual

_ALLOWED = re.compile(r" (Empty is allowed|Empty means 1|Được để trống|Trống nghĩa là 1)\.")

_EN = (
    (r"(.+) is given; organisations have none\.", r"\1 is missing."),
    (r"(.+) is given\.", r"\1 is missing."),
    (r"(.+) could be read\.", r"\1 could not be read."),
    (r"(.+) are a list of documents; a link to a file is not blank\.",
     r"\1 are not a list of documents, or a link to a file is blank."),
    (r"(.+), when given, is well formed, or has lost its leading zeros (.+), or is (.+)\.",
     r"\1 is not valid, even allowing for lost leading zeros \2, and is not \3."),
    (r"(.+) is in Unicode NFC \(no combining marks\), with single plain spaces (.+) and no (.+)\.",
     r"\1 contains combining marks, extra or unusual spaces, or invisible characters."),
    (r"Each accented letter of (.+) is a single character \(Unicode NFC\)\.",
     r"Accents of \1 are separate characters (not Unicode NFC)."),
    (r"(.+) is ([A-Z]{1,2}) and (\w+ digits)\.", r"\1 must be \2 followed by \3."),
    (r"(.+) is ([A-Z]{1,2}|the office's code), (.+)\.", r"\1 must be \2, followed by \3."),
    (r"(.+) has a valid clock time: (.+)\.",
     r"\1 does not have a valid clock time (required: \2)."),
    ((r"A count does not exceed the one it is part of "
     r"\(for example, there are no more (.+) than (.+)\)\."),
     r"A count exceeds the count that it is part of (for example, more \1 than \2)."),
    (r"Every document handed in has valid flags: (.+)\.",
     r"A document handed in has an invalid flag. Valid flags: \1."),
    (r"(.+) has (\d+ digits, .+)\.", r"\1 must have \2."),
    (r"(.+), when given, has (.+)\.", r"\1 must have \2."),
    (r"(.+) has no (question mark .+ in place of a letter), and is not a placeholder (.+)\.",
     r"\1 has a \2, or is a placeholder \3."),
    (r"(.+) is not garbled \((.+)\) and has no HTML entities (.+)\.",
     r"\1 is garbled (\2) or has HTML entities \3."),
    (r"(.+) has no look-alike letters of other alphabets (.+) and no Ð in place of Đ\.",
     r"\1 has look-alike letters of other alphabets \2 or Ð in place of Đ."),
    (r"Every value has a type (.+)\.", r"A value does not have a type \1."),
    (r"A cumulative series falls only when (.+)\.", r"A cumulative series falls although no \1."),
    (r"From day to day a province's value changes no more than its definition allows\.",
     r"From one day to the next a province's value changes more than its definition allows."),
    (r"Every (.+) has a cause: (.+)\.", r"A \1 has no recorded cause (a change of \2)."),
    (r"Every (.+) says (.+)\.", r"A \1 does not say \2."),
    (r"(.+) matches the format of the contract\.",
     r"\1 does not match the format of the contract."),
    (r"Every (.+) has (.+)\.", r"A \1 does not have \2."),
    (r"(.+) has no (.+)\.", r"\1 has \2."),
    (r"(.+?) (is|are) not (.+)\.", r"\1 \2 \3."),
    (r"(.+) does not exceed (.+)\.", r"\1 exceeds \2."),
    (r"(.+) is true or false\.", r"\1 is neither true nor false."),
    (r"(.+) is x or empty\.", r"\1 is neither x nor empty."),
    (r"(.+) is (one of|x|an?|the|in|of|1|[A-Z]{1,2},? .+)( .+|)\.",
     r"\1 is not \2\3."),
    (r"(.+) are (.+)\.", r"\1 are not \2."),
    (r"(.+) has (.+)\.", r"\1 does not have \2."),
    (r"(.+) lies (.+)\.", r"\1 does not lie \2."),
)  # fmt: skip

_VI_OR_EMPTY = (
    (r"(.+?) thuộc danh mục: (\S+)\. Được để trống\.",
     r"\1 có giá trị không hợp lệ (phải là \2 hoặc bỏ trống)."),
    (r"(.+?) là (\S+)\. Được để trống\.",
     r"\1 có giá trị không hợp lệ (phải là \2 hoặc bỏ trống)."),
    (r"(.+?) thuộc danh mục: (.+)\. Được để trống\.(?: Trống nghĩa là 1\.|)",
     r"\1 có giá trị không hợp lệ (phải là một trong các giá trị \2, hoặc bỏ trống)."),
)  # fmt: skip
"""Forms of a whole sentence with "Được để trống": what is left out there would be demanded."""

_VI = (
    (r"(.+?) thuộc danh mục: ([^,]+), ([^,]+)\.",
     r"\1 có giá trị không hợp lệ (phải là \2 hoặc \3)."),
    (r"(.+?) thuộc danh mục: (.+)\.",
     r"\1 có giá trị không hợp lệ (phải là một trong các giá trị \2)."),
    (r"Có (.+), trừ trường hợp chủ hồ sơ là tổ chức\.", r"Thiếu \1."),
    (r"Có (.+)\.", r"Thiếu \1."),
    (r"(.+) đọc được\.", r"\1 không đọc được."),
    (r"Giấy tờ kết quả là danh sách giấy tờ; đường dẫn tệp không bỏ trống\.",
     r"Giấy tờ kết quả không phải danh sách giấy tờ hoặc có đường dẫn tệp bỏ trống."),
    (r"(.+) đúng định dạng quy định trong hợp đồng dữ liệu\.",
     r"\1 không đúng định dạng quy định trong hợp đồng dữ liệu."),
    (r"(.+) không chỉ gồm khoảng trắng\.", r"Trường “\1” chỉ gồm khoảng trắng."),
    (r"(.+), nếu có, đúng dạng (.+), hoặc mất (.+), hoặc là (.+)\.",
     r"\1 không phải số \2, không phải số bị mất \3, cũng không phải \4."),
    (r"(.+), nếu có, gồm (.+)\.", r"\1 sai cấu trúc (phải gồm \2)."),
    (r"(.+?) có (\d+ chữ số, .+)\.", r"\1 sai cấu trúc (phải có \2)."),
    (r"(.+?) có giờ, phút, giây và múi giờ hợp lệ \(giờ (.+), giây (.+)\)\.",
     r"\1 có giờ, phút, giây hoặc múi giờ không hợp lệ (giờ phải \2, giây phải \3)."),
    (r"(.+?) có giờ, phút, giây hợp lệ \(giờ (.+), giây (.+)\)\.",
     r"\1 có giờ, phút hoặc giây không hợp lệ (giờ phải \2, giây phải \3)."),
    (r"(.+) không bị mất ký tự (.+) và không phải (.+)\.", r"\1 bị mất ký tự \2 hoặc chỉ là \3."),
    (r"(.+) không bị vỡ chữ (.+), không có mã ký tự HTML (.+)\.",
     r"\1 bị vỡ chữ \2 hoặc có mã ký tự HTML \3."),
    (r"(.+) không có chữ của bảng chữ khác (.+), không dùng Ð thay cho Đ\.",
     r"\1 có chữ của bảng chữ khác \2 hoặc dùng Ð thay cho Đ."),
    (r"(.+) gõ theo Unicode dựng sẵn \(NFC\), dấu không tách khỏi chữ\.",
     r"\1 gõ dấu tách khỏi chữ, không theo Unicode dựng sẵn (NFC)."),
    (r"(.+) đúng chuẩn gõ tiếng Việt, không thừa khoảng trắng, không có ký tự ẩn\.",
     r"\1 không đúng chuẩn gõ tiếng Việt, thừa khoảng trắng hoặc có ký tự ẩn."),
    (r"Tất cả giá trị thuộc (.+)\.", r"Có giá trị không thuộc \1."),
    (r"Tất cả giá trị đã điều chỉnh đều có nguyên nhân: (.+) hoặc (.+)\.",
     r"Có giá trị đã điều chỉnh không rõ nguyên nhân (không do \1 hay \2)."),
    (r"(.+) không vượt quá (.+) \(ví dụ: (.+) không lớn hơn (.+)\)\.",
     r"\1 vượt quá \2 (ví dụ: \3 lớn hơn \4)."),
    (r"Số liệu lũy kế chỉ giảm khi có (.+)\.", r"Số liệu lũy kế giảm dù không có \1."),
    (r"(.+?) không âm\.", r"\1 có giá trị âm."),
    (r"(.+?) không sau (.+)\.", r"\1 muộn hơn \2."),
    (r"(.+?) không trước (.+)\.", r"\1 sớm hơn \2."),
    (r"(.+?) không (bị|có|theo|vượt|thay)( .+|)\.", r"\1 \2\3."),
    (r"(.+?) thuộc danh mục(.+)\.", r"\1 không thuộc danh mục\2."),
    (r"Mỗi (.+?) ghi (.+?) là (.+)\.", r"Có \1 ghi \2 không phải \3."),
    (r"(.+?) chỉ nhận giá trị (.+) hoặc (.+)\.",
     r"\1 có giá trị không hợp lệ (phải là \2 hoặc \3)."),
    (r"(.+?) là (\S+) hoặc bỏ trống\.", r"\1 có giá trị không hợp lệ (phải là \2 hoặc bỏ trống)."),
    (r"(.+?) là (\S+)\.", r"\1 có giá trị không hợp lệ (phải là \2)."),
    (r"(.+?) là (.+), ghi theo dạng (.+)\.", r"\1 không phải \2 ghi theo dạng \3."),
    (r"(.+?) là (.+)\.", r"\1 không phải là \2."),
    (r"(.+?) trong khoảng (.+)\.", r"\1 ngoài khoảng \2."),
    (r"(.+?) nằm trong (.+)\.", r"\1 không nằm trong \2."),
    (r"Mỗi (.+?) ghi (.+)\.", r"Có \1 không ghi đúng \2."),
    (r"(.+?) gồm (.+)\.", r"\1 sai cấu trúc (phải gồm \2)."),
    (r"(.+?) (có|đúng) (.+)\.", r"\1 không \2 \3."),
)  # fmt: skip


def of(demanded: Bilingual) -> Bilingual:
    """What is wrong where a rule is broken, from the rule's description."""
    return Bilingual(
        en=_contrary(_without_allowed(demanded.en), _EN) or f"Broken: {demanded.en}",
        vi=_contrary(demanded.vi, _VI_OR_EMPTY)
        or _contrary(_without_allowed(demanded.vi), _VI)
        or f"Không đạt yêu cầu: {demanded.vi}",
    )


def _without_allowed(sentence: str) -> str:
    return _ALLOWED.sub("", sentence)


def _contrary(sentence: str, forms: tuple[tuple[str, str], ...]) -> str | None:
    """The contrary of a sentence, by the first form that it has."""
    for form, contrary in forms:
        if found := re.fullmatch(form, sentence):
            return found.expand(contrary)
    return None
