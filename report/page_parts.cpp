#include "report/page_parts.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/ensure.hpp"
#include "report/experiment_result.hpp"

namespace eyrie {

namespace {

constexpr std::string_view kData = "__EYRIE_DATA__", kTitle = "__EYRIE_TITLE__";

/// JSON that a script element can hold: no tag and no line end of JavaScript in it. All of these stand in texts only,
/// where JSON has another spelling for them.
std::string within_script(std::string_view json) {
  std::string all;
  all.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto three = json.substr(i, 3);
    if (json[i] == '<') {
      all += "\\u003c";
    } else if (three == "\u2028" || three == "\u2029") {
      all += three == "\u2028" ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      all += json[i];
    }
  }
  return all;
}

std::string escaped(std::string_view text) {
  std::string all;
  for (const char c : text) switch (c) {
      case '&':
        all += "&amp;";
        break;
      case '<':
        all += "&lt;";
        break;
      case '>':
        all += "&gt;";
        break;
      case '"':
        all += "&quot;";
        break;
      default:
        all += c;
    }
  return all;
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::size_t place_of(std::string_view page, std::string_view mark) {
  const auto at = page.find(mark);
  ensure(at != std::string_view::npos && page.find(mark, at + 1) == std::string_view::npos,
         "the page's template has each mark once");
  return at;
}

std::string fill_page(std::string_view page, std::string_view title, std::string_view json) {
  const auto title_at = place_of(page, kTitle), data_at = place_of(page, kData);
  ensure(title_at < data_at, "the page's title stands before its data");
  std::string text{page.substr(0, title_at)};
  text += escaped(title);
  text += page.substr(title_at + kTitle.size(), data_at - title_at - kTitle.size());
  text += within_script(json);
  return text += page.substr(data_at + kData.size());
}

std::string_view trimmed_json(std::string_view json) {
  if (json.starts_with("\ufeff")) json.remove_prefix(3);
  const auto last = json.find_last_not_of(" \r\n\t");
  return json.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string report_document(const std::vector<PageRun>& runs, const std::vector<PageScenario>& scenarios) {
  auto text = fmt::format(R"({{"schema":"{}","eyrie_version":"{}","runs":[)", "eyrie.report/1", kVersion);
  for (const auto& r : runs)
    text += fmt::format(R"({}{{"label":{},"result":{}}})", &r == runs.data() ? "" : ",", quoted(r.label),
                        trimmed_json(r.result));
  text += R"(],"scenarios":[)";
  for (const auto& s : scenarios)
    text += fmt::format(R"({}{{"label":{},"scenario":{}}})", &s == scenarios.data() ? "" : ",", quoted(s.label),
                        trimmed_json(s.scenario));
  return text + "]}";
}

}  // namespace eyrie
