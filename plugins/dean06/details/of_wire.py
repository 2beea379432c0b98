"""Texts of details about the wire: HTTP, logins, SFTP, folders of drops, what sources state."""

TEXTS = {
    "within": "{place:part}: {fault:part} | {place:part}: {fault:part}",
    "after_attempts": (
        "{fault:part} (after {attempts:count} attempts)"
        " | {fault:part} (đã thử {attempts:count} lần)"
    ),
    "named": "{name:name} | {name:name}",
    "address": "{url:name} | {url:name}",
    "page": "page {page:number} | trang {page:number}",
    "token_endpoint": "the token endpoint | địa chỉ cấp mã truy cập",
    # Connections
    "invalid_url": "an invalid URL | địa chỉ không hợp lệ",
    "source_names_invalid_url": (
        "the source returned an invalid URL | nguồn dữ liệu nêu một địa chỉ không hợp lệ"
    ),
    "source_names_other_server": (
        "the source returned a URL on a server other than its own"
        " | nguồn dữ liệu nêu một địa chỉ trên máy chủ khác"
    ),
    "not_connected": (
        "{kind:name}: {said:said} | không kết nối được với máy chủ ({kind:name})"
    ),
    "timed_out": "no response in time ({kind:name}) | quá thời gian chờ phản hồi ({kind:name})",
    "connection_lost": "connection lost ({kind:name}) | kết nối bị ngắt ({kind:name})",
    # HTTP
    "http_status": "HTTP {status:number} | máy chủ trả về HTTP {status:number}",
    "refused_204": "returned 204 without content | trả về 204, không có nội dung",
    "refused_304": (
        "returned 304 (not changed), although the request sets no condition"
        " | trả về 304 (không thay đổi) dù yêu cầu không đặt điều kiện"
    ),
    "refused_400": (
        "returned 400: the source considers the request malformed"
        " | trả về 400: nguồn cho rằng yêu cầu sai định dạng"
    ),
    "refused_403": (
        "returned 403: the source denies access; ask the agency to check our account"
        " | trả về 403: nguồn từ chối truy cập; đề nghị cơ quan cung cấp dữ liệu kiểm tra tài "
        "khoản"
    ),
    "refused_404": (
        "returned 404: there is nothing at this address; check the address of the connection"
        " | trả về 404: không có dịch vụ tại địa chỉ này; kiểm tra địa chỉ của kết nối"
    ),
    "refused_410": (
        "returned 410: the address is no longer in use; ask the agency for the new one"
        " | trả về 410: địa chỉ không còn dùng; đề nghị cơ quan cung cấp dữ liệu cho biết địa "
        "chỉ mới"
    ),
    "refused_other": (
        "returned HTTP {status:number}: the source refuses the request"
        " | trả về HTTP {status:number}: nguồn từ chối yêu cầu"
    ),
    "redirected": (
        "returned {status:number}: {where:part}; correct the address of the connection"
        " | trả về {status:number}: {where:part}; sửa địa chỉ của kết nối"
    ),
    "redirected_to_invalid_url": (
        "the source redirects to an invalid URL | nguồn chuyển hướng đến địa chỉ không hợp lệ"
    ),
    "redirected_to_other_server": (
        "the source redirects to another server | nguồn chuyển hướng sang máy chủ khác"
    ),
    "redirected_to_other_scheme": (
        "the source redirects to another scheme or port ({scheme:name})"
        " | nguồn chuyển hướng sang giao thức hoặc cổng khác ({scheme:name})"
    ),
    "redirected_to_slash": (
        "the source redirects to the same path with a slash at its end"
        " | nguồn chuyển hướng đến cùng đường dẫn, thêm dấu gạch chéo ở cuối"
    ),
    "redirected_to_other_path": (
        "the source redirects to another path, such as a login page"
        " | nguồn chuyển hướng sang đường dẫn khác, như trang đăng nhập"
    ),
    "content_length_differs": (
        "{size:count} bytes received, but Content-Length declares a different number"
        " | nhận {size:count} byte, khác số khai báo trong Content-Length"
    ),
    "content_digest_differs": (
        "the body does not match its Content-Digest"
        " | nội dung nhận được không khớp với Content-Digest"
    ),
    "body_damaged": (
        "the compressed body is cut short or damaged ({kind:name})"
        " | nội dung nén bị cắt ngắn hoặc bị hỏng ({kind:name})"
    ),
    "other_coding": (
        "{what:part} responded with a content coding other than gzip"
        " | {what:part}: nội dung được nén theo cách khác gzip"
    ),
    "answer_not_json": (
        "{what:part} returned something other than JSON"
        " | {what:part}: nội dung trả về không phải JSON"
    ),
    "answer_too_long": (
        "{what:part} returned more than {most:number} bytes"
        " | {what:part}: nội dung trả về dài hơn {most:count} byte"
    ),
    "link_unreadable": (
        "its Link header cannot be read | không đọc được trường tiêu đề HTTP Link"
    ),
    "link_names_several": (
        "its Link header names {count:count} next pages"
        " | trường tiêu đề HTTP Link nêu {count:count} trang tiếp theo"
    ),
    # Logins
    "token_http_status": (
        "the token endpoint returned HTTP {status:number}"
        " | địa chỉ cấp mã truy cập trả về HTTP {status:number}"
    ),
    "token_not_json": (
        "the token endpoint did not return a JSON object (HTTP {status:number})"
        " | địa chỉ cấp mã truy cập không trả về đối tượng JSON (HTTP {status:number})"
    ),
    "token_not_there": (
        "no token endpoint at the address of the connection (HTTP {status:number}): check host and "
        "port | địa chỉ trong kết nối không có dịch vụ cấp mã truy cập (HTTP {status:number}): "
        "kiểm tra tên máy chủ và cổng"
    ),
    "login_refused": (
        "authentication failed: {code:name} | đăng nhập không thành công: {code:name}"
    ),
    "login_refused_unknown": (
        "authentication failed: unknown error"
        " | đăng nhập không thành công, không rõ lý do"
    ),
    "login_without_token": (
        "authentication failed: the token endpoint returned no token (HTTP {status:number})"
        " | đăng nhập không thành công: không nhận được mã truy cập (HTTP {status:number})"
    ),
    # Bounds of a delivery
    "takes_too_long": (
        "the delivery takes longer than {seconds:decimal} seconds (max_seconds of the contract); "
        "landed files are kept, and the next try continues"
        " | việc nhận đợt dữ liệu kéo dài quá {seconds:decimal} giây (max_seconds của hợp đồng dữ "
        "liệu); tệp đã tải được giữ lại và lần thử sau tải tiếp"
    ),
    "too_many_pages": (
        "the delivery has more than {most:number} pages (max_pages of the contract); none of it is "
        "published. Ask the agency whether that is right; if so, agree on a higher limit"
        " | đợt dữ liệu có hơn {most:count} trang (max_pages của hợp đồng dữ liệu) nên chưa được "
        "công bố. Đề nghị cơ quan xác nhận số trang; nếu đúng, thống nhất giới hạn cao hơn"
    ),
    "too_many_files": (
        "the delivery has more than {most:number} files (max_files of the contract); none of it is "
        "published. Ask the agency whether that is right; if so, agree on a higher limit"
        " | đợt dữ liệu có hơn {most:count} tệp (max_files của hợp đồng dữ liệu) nên chưa được "
        "công bố. Đề nghị cơ quan xác nhận số tệp; nếu đúng, thống nhất giới hạn cao hơn"
    ),
    "too_many_bytes": (
        "the delivery has more than {most:number} bytes (max_bytes of the contract); none of it is "
        "published. Ask the agency whether that is right; if so, agree on a higher limit"
        " | đợt dữ liệu có hơn {most:count} byte (max_bytes của hợp đồng dữ liệu) nên chưa được "
        "công bố. Đề nghị cơ quan xác nhận dung lượng; nếu đúng, thống nhất giới hạn cao hơn"
    ),
    "unpacks_too_large": (
        "the compressed file unpacks to more than {most:number} bytes (DEAN06_MAX_UNPACKED_BYTES)"
        " | sau khi giải nén, tệp có hơn {most:count} byte (DEAN06_MAX_UNPACKED_BYTES)"
    ),
    # SFTP and folders
    "sftp": "sftp {host:name} | sftp {host:name}",
    "file_not_there": "a file is not there yet (late) | tệp chưa có (gửi chậm)",
    "system_refused": "{kind:name}: {said:said} | hệ điều hành báo lỗi ({kind:name} {errno:name})",
    "failed_as": "error {kind:name} | lỗi {kind:name}",
    "password_refused": (
        "the server refuses login or password | máy chủ từ chối tài khoản hoặc mật khẩu"
    ),
    "other_host_key": (
        "the server's host key differs from the connection's host_key; check which server answers"
        " | khóa của máy chủ khác với khóa khai báo trong kết nối; kiểm tra có đúng "
        "máy chủ của nguồn không"
    ),
    "host_key_missing": (
        "the extra of the connection must have host_key, the server's public key: one of "
        "{kinds:names}, a space, and the key in base64 (see ssh-keyscan)"
        " | phần extra của kết nối phải có host_key là khóa công khai của máy chủ, ghi theo dạng "
        "<loại khóa> <khóa base64> (xem ssh-keyscan); loại khóa là một trong: {kinds:names}"
    ),
    "no_folder": (
        "there is no folder {folder:name}: create it with 'python -m dean06 drop', or set its path "
        "(DEAN06_DROPS, or path in the extra of the connection)"
        " | không có thư mục {folder:name}: tạo bằng 'python -m dean06 drop', hoặc khai báo đường "
        "dẫn (DEAN06_DROPS, hoặc path trong phần extra của kết nối)"
    ),
    "name_not_there": (
        "{folder:name}: {name:name} is not there yet (late)"
        " | {folder:name}: chưa có {name:name} (gửi chậm)"
    ),
    "folder_refused": (
        "{folder:name}: {said:said} | {folder:name}: hệ điều hành báo lỗi ({kind:name})"
    ),
    # Drops
    "manifest_of": "the manifest of {day:day} | bản kê khai ngày {day:day}",
    "has_more_bytes": (
        "{what:part} has more than {most:number} bytes | {what:part} có hơn {most:count} byte"
    ),
    "is_not_json": "{what:part} is not JSON | {what:part} không phải JSON",
    "is_not_complete_json": (
        "{what:part} is not complete JSON: the upload may be in progress (late)"
        " | {what:part} chưa đủ nội dung JSON: có thể tệp còn đang được ghi (gửi chậm)"
    ),
    "manifest_of_other_dataset": (
        "{what:part} does not belong to {dataset:name}"
        " | {what:part} không phải của {dataset:name}"
    ),
    "drop_of_other_day": (
        "the folder of {day:day} holds the drop of another day: its manifest says {named:day}. Ask "
        "the agency for the drop of {day:day}, then load the day again"
        " | thư mục ngày {day:day} chứa dữ liệu của ngày khác: bản kê khai ghi {named:day}. Đề "
        "nghị cơ quan gửi dữ liệu ngày {day:day}, sau đó nạp lại ngày đó"
    ),
    "drop_of_no_day": (
        "the manifest in the folder of {day:day} states no valid day. Ask the agency for the drop "
        "of {day:day}, then load the day again"
        " | bản kê khai trong thư mục ngày {day:day} không ghi ngày hợp lệ. Đề nghị cơ quan gửi "
        "dữ liệu ngày {day:day}, sau đó nạp lại ngày đó"
    ),
    "lists_file_twice": (
        "{what:part} lists a file twice | {what:part} nêu một tệp hai lần"
    ),
    "drop_late": (
        "the drop of {day:day} is not in {place:name} yet (late)"
        " | chưa có dữ liệu ngày {day:day} trong {place:name} (gửi chậm)"
    ),
    "drop_sent_again": (
        "the drop of {day:day} was sent again while it was read"
        " | dữ liệu ngày {day:day} được gửi lại trong khi đang đọc"
    ),
    "file_of_drop": "{day:name}/{file:name} | {day:name}/{file:name}",
    "drop_digest_differs": (
        "manifest says SHA-256 {declared:name}…; the file has {actual:name}…"
        " | bản kê khai ghi SHA-256 {declared:name}…, tệp có {actual:name}…"
    ),
    "drop_shorter": (
        "manifest says {declared:number} bytes, the file has {size:number}: the upload may be in "
        "progress (late)"
        " | bản kê khai ghi {declared:count} byte, tệp có {size:count}: có thể tệp còn đang được "
        "ghi (gửi chậm)"
    ),
    "drop_longer": (
        "manifest says {declared:number} bytes, the file has more"
        " | bản kê khai ghi {declared:count} byte, tệp dài hơn"
    ),
    # What sources state
    "member": "{of:part}: {name:name} | {of:part}: {name:name}",
    "of_index": "the index's {name:name} | {name:name} của bảng kê",
    "of_export": "the manifest's {name:name} | {name:name} của bản kê khai",
    "of_export_digest": (
        "the sha256 of {name:name} in the manifest | sha256 của {name:name} trong bản kê khai"
    ),
    "index": "the index | bảng kê",
    "export_manifest": "the manifest of the export | bản kê khai của bản kết xuất",
    "must_be_whole": (
        "{what:part} must be a whole number | {what:part} phải là số nguyên không âm"
    ),
    "page_must_be_whole": (
        "the page's {name:name} must be a whole number"
        " | {name:name} của trang phải là số nguyên không âm"
    ),
    "must_be_sha256": (
        "{what:part} must be a SHA-256 in hex | {what:part} phải là SHA-256 dạng thập lục phân"
    ),
    "must_be_file_name": (
        "{what:part} must be the name of a file in the same folder"
        " | {what:part} phải là tên tệp trong cùng thư mục"
    ),
    "listing_unusable": (
        "{what:part} cannot be used: {said:said}"
        " | không dùng được {what:part}: sai cấu trúc tại {place:name}"
    ),
}  # fmt: skip
