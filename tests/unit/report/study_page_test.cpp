#include "report/study_page.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/gzip.hpp"
#include "report/page_template.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

int times(std::string_view text, std::string_view mark) {
  int n = 0;
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) ++n;
  return n;
}

/// What stands in the script element of the data.
std::string data_of(const std::string& page) {
  const std::string begin = R"(<script type="application/json" id="data">)";
  const auto at = page.find(begin);
  REQUIRE(at != std::string::npos);
  return page.substr(at + begin.size(), page.find("</script", at) - at - begin.size());
}

std::string from_base64(std::string_view text) {
  const std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string all;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text.substr(0, text.find('='))) {
    const auto digit = digits.find(c);
    REQUIRE(digit != std::string_view::npos);
    bits = bits << 6 | static_cast<unsigned>(digit);
    if ((held += 6) >= 8) all += static_cast<char>(bits >> (held -= 8) & 255);
  }
  return all;
}

/// The other way by zlib itself, which checks length and sum.
std::string gunzipped(std::string bytes, std::size_t size) {
  z_stream stream{};
  std::string all(size + 1, '\0');
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(all.data());
  stream.avail_out = static_cast<uInt>(all.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  all.resize(stream.total_out);
  inflateEnd(&stream);
  return all;
}

}  // namespace

TEST_CASE("base64 is that of RFC 4648", "[unit][report]") {
  using Row = std::pair<std::string, std::string>;
  const auto [bytes, text] =
      GENERATE(Row{"", ""}, Row{"f", "Zg=="}, Row{"fo", "Zm8="}, Row{"foo", "Zm9v"}, Row{"foob", "Zm9vYg=="},
               Row{"fooba", "Zm9vYmE="}, Row{"foobar", "Zm9vYmFy"}, Row{"\xff\xfe\xfd", "//79"});
  CHECK(to_base64(bytes) == text);
}

TEST_CASE("gzip keeps bytes, and neither time nor system nor name", "[unit][report]") {
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += static_cast<char>(i * i % 251);
  for (const auto& text : {std::string{}, std::string{"a"}, bytes}) {
    const auto packed = gzipped(text);
    CHECK(packed.substr(0, 10) == std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10));
    CHECK(gunzipped(packed, text.size()) == text);
    CHECK(gzipped(text) == packed);
  }
}

TEST_CASE("the page of a study holds its study.json as it was written", "[unit][report]") {
  const std::string study = "{\"schema\": \"eyrie.study/1\", \"title\": \"</script><b>\", \"x\": 1.10}\n";
  const auto page = to_study_page("\ufeff" + study, "a <b> & \"c\"");
  CHECK(page.find("<title>a &lt;b&gt; &amp; &quot;c&quot; - Eyrie</title>") != std::string::npos);
  CHECK(page.find("__EYRIE_") == std::string::npos);
  CHECK(data_of(page).find('<') == std::string::npos);
  CHECK(data_of(page).find("\"x\": 1.10}") != std::string::npos);  // not a digit is changed
  CHECK(json::parse(data_of(page)) == json::parse(study));
}

TEST_CASE("the study's template is one whole HTML file that may ask for nothing", "[unit][report]") {
  const auto page = study_page_template();
  CHECK(page.substr(0, 15) == "<!doctype html>");
  CHECK(page.substr(page.size() - 8) == "</html>\n");
  CHECK(times(page, "<title>__EYRIE_TITLE__</title>") == 1);
  CHECK(times(page, R"(<script type="application/json" id="data">__EYRIE_DATA__</script>)") == 1);
  CHECK(times(page, "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\"") == 1);
  CHECK(times(page, "Apache License") > 0);
  CHECK(page.size() < 900'000);
}

TEST_CASE("the page of designs' reports may load what stands beside it, and nothing else", "[unit][report]") {
  const auto page = to_design_page();
  CHECK(times(page,
              "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'self' file:; img-src "
              "data:\"") == 1);
  CHECK(data_of(page) == R"({"schema":"eyrie.designs/1"})");  // the page looks for just this text
  CHECK(page.find("__EYRIE_") == std::string::npos);
}

TEST_CASE("a design's script holds its runs, packed, the same each time", "[unit][report]") {
  const std::vector<PageRun> runs{{"alexnet, <design> 12", "{\"x\": 1.10}\n"}, {"kws", "{\"y\": [0.1, 3]}"}};
  const auto script = design_script(runs);
  const std::string begin = "eyrieDesign(\"", end = "\");\n";
  REQUIRE(script.substr(0, begin.size()) == begin);
  REQUIRE(script.substr(script.size() - end.size()) == end);
  const auto packed = script.substr(begin.size(), script.size() - begin.size() - end.size());
  CHECK(packed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") ==
        std::string::npos);
  const auto text = gunzipped(from_base64(packed), 10'000);
  CHECK(text.find("{\"x\": 1.10}") != std::string::npos);
  const auto j = json::parse(text);
  CHECK(j["schema"] == "eyrie.report/1");
  CHECK(j["runs"][0]["label"] == "alexnet, <design> 12");
  CHECK(j["runs"][1]["result"] == json::parse("{\"y\": [0.1, 3]}"));
  CHECK(design_script(runs) == script);
}
