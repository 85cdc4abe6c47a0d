#include "report/page.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/ensure.hpp"
#include "report/experiment_result.hpp"
#include "report/page_template.hpp"

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

/// Without the line end behind it, and without a byte order mark.
std::string_view trimmed(std::string_view json) {
  if (json.starts_with("\ufeff")) json.remove_prefix(3);
  const auto last = json.find_last_not_of(" \r\n\t");
  return json.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string data(const std::vector<PageRun>& runs, const std::vector<PageScenario>& scenarios) {
  auto text = fmt::format(R"({{"schema":"{}","eyrie_version":"{}","runs":[)", "eyrie.report/1", kVersion);
  for (const auto& r : runs)
    text += fmt::format(R"({}{{"label":{},"result":{}}})", &r == runs.data() ? "" : ",", quoted(r.label),
                        trimmed(r.result));
  text += R"(],"scenarios":[)";
  for (const auto& s : scenarios)
    text += fmt::format(R"({}{{"label":{},"scenario":{}}})", &s == scenarios.data() ? "" : ",", quoted(s.label),
                        trimmed(s.scenario));
  return text + "]}";
}

std::string title(const std::vector<PageRun>& runs, const std::vector<PageScenario>& scenarios) {
  std::vector<std::string> labels;
  for (const auto& r : runs) labels.push_back(r.label);
  for (const auto& s : scenarios) labels.push_back(s.label);
  return fmt::format("{} - Eyrie", fmt::join(labels, ", "));
}

/// Where a mark stands in the template, once.
std::size_t place_of(std::string_view page, std::string_view mark) {
  const auto at = page.find(mark);
  ensure(at != std::string_view::npos && page.find(mark, at + 1) == std::string_view::npos,
         "the page's template has each mark once");
  return at;
}

}  // namespace

std::string to_page(const std::vector<PageRun>& runs, const std::vector<PageScenario>& scenarios) {
  const auto page = page_template();
  const auto title_at = place_of(page, kTitle), data_at = place_of(page, kData);
  ensure(title_at < data_at, "the page's title stands before its data");
  std::string text{page.substr(0, title_at)};
  text += escaped(title(runs, scenarios));
  text += page.substr(title_at + kTitle.size(), data_at - title_at - kTitle.size());
  text += within_script(data(runs, scenarios));
  return text += page.substr(data_at + kData.size());
}

}  // namespace eyrie
