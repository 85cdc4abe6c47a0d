#include "report/page_template.hpp"

namespace eyrie {

std::string_view page_template() {
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>__EYRIE_TITLE__</title></head>\n"
         "<body><script type=\"application/json\" id=\"data\">__EYRIE_DATA__</script></body></html>\n";
}

}  // namespace eyrie
