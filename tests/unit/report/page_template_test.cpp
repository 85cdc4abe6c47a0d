#include "report/page_template.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace eyrie;

namespace {

int times(std::string_view text, std::string_view mark) {
  int n = 0;
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("the page's template is one whole HTML file with each place to fill once", "[report][unit]") {
  const auto page = page_template();
  CHECK(page.substr(0, 15) == "<!doctype html>");
  CHECK(page.substr(page.size() - 8) == "</html>\n");
  CHECK(times(page, "<title>__EYRIE_TITLE__</title>") == 1);
  CHECK(times(page, R"(<script type="application/json" id="data">__EYRIE_DATA__</script>)") == 1);
  CHECK(times(page, "__EYRIE_TITLE__") == 1);
  CHECK(times(page, "__EYRIE_DATA__") == 1);
  CHECK(page.find("__EYRIE_TITLE__") < page.find("__EYRIE_DATA__"));
}

TEST_CASE("the page's template carries the licences of what is in it and stays small", "[report][unit]") {
  const auto page = page_template();
  CHECK(times(page, "Apache License") > 0);
  CHECK(times(page, "Redistribution and use in source and binary forms") > 0);
  CHECK(page.size() < 900'000);
}
