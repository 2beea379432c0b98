"""Texts of details about the content of files: JSON, CSV, workbooks, encodings, landed files."""

_SAVE_EN = "save it as an Excel workbook (.xlsx)"
_SAVE_VI = "lưu lại thành tệp Excel (.xlsx)"

TEXTS = {
    "file": "{file:name} | {file:name}",
    "file_not_utf8": (
        "{file:name}: the file is not UTF-8 but {encoding:part}. Ask the agency to export it "
        "as UTF-8"
        " | {file:name}: tệp dùng {encoding:part}, không phải UTF-8. Đề nghị cơ quan xuất lại theo "
        "UTF-8"
    ),
    "encoding": "{name:name} | bảng mã {name:name}",
    "encoding_of_one_byte": (
        "a single-byte encoding (perhaps TCVN3 or VNI)"
        " | bảng mã một byte mỗi chữ (có thể là TCVN3 hoặc VNI)"
    ),
    # JSON
    "document_too_long": (
        "the document is longer than {most:number} bytes | tài liệu dài hơn {most:count} byte"
    ),
    "document_name_twice": (
        "the JSON document has a duplicate key | tài liệu JSON có tên trường bị lặp"
    ),
    "document_no_object": (
        "the document must be a JSON object with an array '{member:name}'"
        " | tài liệu phải là đối tượng JSON có mảng '{member:name}'"
    ),
    "document_no_array": (
        "the document has no array '{member:name}' | tài liệu không có mảng '{member:name}'"
    ),
    # CSV
    "csv_header_unreadable": (
        "the CSV file has no readable header line | không đọc được dòng tiêu đề của tệp CSV"
    ),
    "csv_no_header": "the CSV file has no header line | tệp CSV không có dòng tiêu đề",
    "csv_column_twice": (
        "the CSV header names a column twice | dòng tiêu đề của tệp CSV có cột bị lặp"
    ),
    # Workbooks
    "sheet_header_differs": (
        "row {row:number} is a second header row with different columns"
        " | dòng {row:number} cũng là dòng tiêu đề nhưng có các cột khác với dòng tiêu đề thứ nhất"
    ),
    "sheets_several": (
        "sheets {first:names} and {last:name} each hold a list with a column '{key:name}'; send "
        "only the valid list, or hide the others"
        " | các trang tính {first:names} và {last:name} đều có danh sách có cột '{key:name}'; chỉ "
        "gửi danh sách có hiệu lực, hoặc ẩn các trang còn lại"
    ),
    "sheet_hidden": (
        "only a hidden sheet has a header row with '{key:name}'"
        " | dòng tiêu đề có cột '{key:name}' chỉ có trong trang tính ẩn"
    ),
    "sheet_no_header": (
        "no header row with '{key:name}' | không có dòng tiêu đề có cột '{key:name}'"
    ),
    "sheet_column_twice": (
        "the header names a column twice: in {places:names}"
        " | dòng tiêu đề có cột bị lặp, ở các cột {places:names}"
    ),
    "sheet_known_column_twice": (
        "the header names a column twice: '{title:name}' in {places:names}"
        " | dòng tiêu đề lặp cột '{title:name}', ở các cột {places:names}"
    ),
    "workbook_too_large": (
        "the workbook is larger than {most:number} bytes | tệp Excel lớn hơn {most:count} byte"
    ),
    "workbook_empty": "the file is empty | tệp không có nội dung",
    "workbook_none": (
        f"not a workbook (XLSX); {_SAVE_EN} | không phải tệp Excel (XLSX); {_SAVE_VI}"
    ),
    "workbook_protected": (
        "the workbook is protected by a password; send it without one"
        " | tệp Excel được đặt mật khẩu; gửi lại tệp không đặt mật khẩu"
    ),
    "workbook_old": (
        f"an old Excel workbook (.xls); {_SAVE_EN} | tệp Excel cũ (.xls); {_SAVE_VI}"
    ),
    "workbook_protected_or_old": (
        f"protected by a password, or an old Excel workbook (.xls); {_SAVE_EN}, without a password"
        f" | tệp Excel có mật khẩu hoặc là tệp Excel cũ (.xls); {_SAVE_VI}, không đặt mật khẩu"
    ),
    "workbook_takes_too_much": (
        "reading the workbook took more than {memory:number} MiB of memory or {seconds:number} "
        "seconds; it is damaged or built to exhaust memory"
        " | đọc tệp Excel cần hơn {memory:count} MiB bộ nhớ hoặc {seconds:count} giây; tệp bị hỏng "
        "hoặc được tạo ra để gây quá tải"
    ),
    "workbook_unreadable": (
        "not a readable workbook ({kind:name}); open and save it in Excel"
        " | không đọc được tệp Excel ({kind:name}); mở và lưu lại bằng Excel"
    ),
    "workbook_ended": (
        "not a readable workbook (exit code {code:number}); open and save it in Excel"
        " | không đọc được tệp Excel (mã lỗi {code:number}); mở và lưu lại bằng Excel"
    ),
    "workbook_is_xml": (
        f"an XML file with a workbook's file extension; {_SAVE_EN}"
        f" | tệp XML có phần mở rộng của tệp Excel; {_SAVE_VI}"
    ),
    "workbook_is_html": (
        f"an HTML page with a workbook's file extension; {_SAVE_EN}"
        f" | trang HTML có phần mở rộng của tệp Excel; {_SAVE_VI}"
    ),
    "workbook_is_pdf": f"a PDF document; {_SAVE_EN} | tài liệu PDF; {_SAVE_VI}",
    "workbook_is_text": f"a text document; {_SAVE_EN} | tài liệu văn bản; {_SAVE_VI}",
    "workbook_is_opendocument": (
        f"an OpenDocument file (.ods); {_SAVE_EN} | tệp OpenDocument (.ods); {_SAVE_VI}"
    ),
    "workbook_is_numbers": (
        "an Apple Numbers file; export it as an Excel workbook (.xlsx)"
        " | tệp Apple Numbers; xuất lại thành tệp Excel (.xlsx)"
    ),
    "workbook_is_binary": (
        f"a binary workbook (.xlsb); {_SAVE_EN} | tệp Excel dạng nhị phân (.xlsb); {_SAVE_VI}"
    ),
    "workbook_unpacks_too_large": (
        "the workbook unpacks to more than {most:number} bytes"
        " | tệp Excel giải nén ra hơn {most:count} byte"
    ),
    "workbook_part_twice": (
        "the archive contains a part twice | tệp nén có một thành phần lặp lại"
    ),
    "workbook_no_workbook": (
        "the archive is not a workbook (XLSX) | tệp nén không phải tệp Excel (XLSX)"
    ),
    "workbook_part_missing": (
        "a part that the workbook refers to is missing"
        " | thiếu một thành phần mà tệp Excel tham chiếu"
    ),
    "workbook_no_sheet": "the workbook has no sheet | tệp Excel không có trang tính nào",
    "workbook_too_many_cells": (
        "the workbook has more than {most:number} filled cells"
        " | tệp Excel có hơn {most:count} ô có dữ liệu"
    ),
    "workbook_too_many_characters": (
        "the cells hold more than {most:number} characters"
        " | các ô chứa hơn {most:count} ký tự"
    ),
    # Landed and staged files
    "landed_missing": (
        "landing file {file:name} (file {piece:number} of the load) no longer exists: its "
        "retention period has ended (ops.purge), or somebody removed it; load the dataset again, "
        "which fetches it"
        " | tệp tiếp nhận {file:name} (phần {piece:number}) không còn: đã hết thời hạn lưu giữ "
        "(ops.purge) hoặc có người xóa; nạp lại bộ dữ liệu từ đầu để tải lại tệp"
    ),
    "landed_altered": (
        "landing file {file:name} (file {piece:number} of the load) was altered or damaged after "
        "it landed; load the dataset again, which fetches it"
        " | tệp tiếp nhận {file:name} (phần {piece:number}) bị sửa hoặc bị hỏng sau khi tải; nạp "
        "lại bộ dữ liệu từ đầu để tải lại tệp"
    ),
    "staging_unwritable": (
        "a staging file cannot be written ({said:said}); free up space in the landing folder, then "
        "try again"
        " | không ghi được tệp trung gian ({kind:name}); giải phóng dung lượng của thư mục lưu tệp "
        "tiếp nhận, sau đó thực hiện lại"
    ),
    "staging_damaged": (
        "a staging file is missing or damaged; clear 'stage' of the dataset to make it again from "
        "the landed files"
        " | tệp trung gian bị mất hoặc bị hỏng; chạy lại 'stage' của bộ dữ liệu để tạo lại từ tệp "
        "tiếp nhận"
    ),
    "file_damaged": (
        "{file:name}: the compressed file is cut short or damaged ({kind:name}). Ask the agency to "
        "send it again, then load the dataset again"
        " | {file:name}: tệp nén bị cắt ngắn hoặc bị hỏng ({kind:name}). Đề nghị cơ quan gửi lại, "
        "sau đó nạp lại bộ dữ liệu từ đầu"
    ),
    "count_differs": (
        "{file:name}: the source declared {declared:number} records, the file holds "
        "{received:number}; none of it is published. Ask the agency to send it again, then "
        "load the dataset again"
        " | {file:name}: nguồn khai báo {declared:count} bản ghi nhưng tệp có {received:count} bản "
        "ghi; dữ liệu chưa được công bố. Đề nghị cơ quan gửi lại, sau đó nạp lại bộ dữ "
        "liệu từ đầu"
    ),
}  # fmt: skip
