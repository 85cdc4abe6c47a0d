#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/page.hpp"
#include "report/page_template.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

/// The text of the script element that holds the data.
std::string data_of(const std::string& page) {
  const std::string begin = "{\"schema\":\"eyrie.report/1\",\"eyrie_version\":";
  const auto at = page.find(begin);
  REQUIRE(at != std::string::npos);
  return page.substr(at, page.find("</script", at) - at);
}

}  // namespace

TEST_CASE("the page holds every run and scenario as its file has it", "[unit][report]") {
  const auto page = to_page({{"a", "{\"x\": 1.10}\n"}, {"b", "\ufeff{\"y\": [0.1, 3]}"}}, {{"s", "{\"z\": null}\n"}});
  const auto j = json::parse(data_of(page));
  CHECK(j["runs"].size() == 2);
  CHECK(j["runs"][0]["label"] == "a");
  CHECK(j["runs"][1]["result"] == json::parse("{\"y\": [0.1, 3]}"));
  CHECK(j["scenarios"] == json::parse(R"([{"label": "s", "scenario": {"z": null}}])"));
  CHECK(data_of(page).find("{\"x\": 1.10}") != std::string::npos);  // not a digit is changed
  CHECK(page.find("<title>a, b, s - Eyrie</title>") != std::string::npos);
  CHECK(page.find("__EYRIE_") == std::string::npos);
  CHECK(json::parse(data_of(to_page({}, {})))["runs"].empty());
}

TEST_CASE("nothing that stands in a name ends the page's data or becomes a tag", "[unit][report]") {
  const std::string name = "</script><b>\u2028\u2029&__EYRIE_TITLE__";
  const auto page = to_page({{name, json{{"name", name}}.dump()}}, {});
  const auto text = data_of(page);
  CHECK(text.find('<') == std::string::npos);
  CHECK(text.find("\u2028") == std::string::npos);
  CHECK(text.find("\u2029") == std::string::npos);
  CHECK(json::parse(text)["runs"][0]["label"] == name);
  CHECK(json::parse(text)["runs"][0]["result"]["name"] == name);
  CHECK(page.find("<title>&lt;/script&gt;&lt;b&gt;") != std::string::npos);
}

TEST_CASE("the template has each of its marks once", "[unit][report]") {
  const auto page = page_template();
  for (const std::string_view mark : {"__EYRIE_TITLE__", "__EYRIE_DATA__"}) {
    const auto at = page.find(mark);
    REQUIRE(at != std::string_view::npos);
    CHECK(page.find(mark, at + 1) == std::string_view::npos);
  }
}
