#include "report/html_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/grouped.hpp"

namespace eyrie::html {

std::string escaped(std::string_view text) {
  static constexpr std::pair<char, std::string_view> table[] = {
      {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  std::string all;
  for (const char c : text) {
    const auto* special = std::ranges::find(table, c, &std::pair<char, std::string_view>::first);
    if (special == std::end(table))
      all += c;
    else
      all += special->second;
  }
  return all;
}

std::string grouped(std::int64_t n) { return eyrie::grouped(n, "\u2009"); }

// Okabe and Ito's palette (2008), which stays apart for colour-blind readers, with lighter and darker steps of a hue
// for what belongs together. Idle and static parts are hatched, so that no reading rests on a grey.

static const char* const kDark = "#fff";
static const char* const kLight = "#14181d";

Paint paint_of(Cause cause) {
  switch (cause) {
    using enum Cause;
    case Mac:
      return {"#0072b2", kDark};
    case GatedMac:
      return {"#56b4e9", kLight};
    case Accumulate:
      return {"#009e73", kLight};
    case WaitInput:
      return {"#f0e442", kLight};
    case WaitWeight:
      return {"#e69f00", kLight};
    case WaitPsumIn:
      return {"#d55e00", kLight};
    case WaitPsumOut:
      return {"#8f3b00", kDark};
    case PassBarrier:
      return {"#e3a5c7", kLight};
    case DramInput:
      return {"#c5b2e3", kLight};
    case DramWeight:
      return {"#8159b5", kDark};
    case DramOutput:
      return {"#55348a", kDark};
    case FillDrain:
      return {"#7f9172", kDark};
    case Unmapped:
      return {"var(--hatch)", "var(--soft)"};
  }
  return {};
}

Paint paint_of_tensor(std::string_view tensor) {
  if (tensor == "input") return {"#0072b2", kDark};
  if (tensor == "weight") return {"#e69f00", kLight};
  if (tensor == "output") return {"#009e73", kLight};
  if (tensor == "compute") return {"#cc79a7", kLight};
  if (tensor == "clock") return {"#56b4e9", kLight};
  if (tensor == "control") return {"#f0e442", kLight};
  return {"var(--hatch)", "var(--soft)"};
}

namespace {

struct Family {
  std::string_view kind;
  std::array<Paint, 4> shades;
};

const std::vector<Family>& families() {
  static const std::vector<Family> all{
      {"dram", {{{"#0b5c96", kDark}, {"#2f7fb8", kDark}, {"#0a4470", kDark}, {"#4b93c8", kLight}}}},
      {"sram", {{{"#56b4e9", kLight}, {"#9bd3f4", kLight}, {"#3a97cd", kLight}, {"#c3e5f9", kLight}}}},
      {"rlc", {{{"#f0e442", kLight}, {"#f0e442", kLight}, {"#f0e442", kLight}, {"#f0e442", kLight}}}},
      {"noc", {{{"#00805d", kDark}, {"#2fb792", kLight}, {"#7ad7bd", kLight}, {"#005f45", kDark}}}},
      {"link", {{{"#b5e6d8", kLight}, {"#b5e6d8", kLight}, {"#b5e6d8", kLight}, {"#b5e6d8", kLight}}}},
      {"spad", {{{"#e69f00", kLight}, {"#f6ca6b", kLight}, {"#c46a00", kLight}, {"#fbe3b0", kLight}}}},
      {"mac", {{{"#cc79a7", kLight}, {"#cc79a7", kLight}, {"#cc79a7", kLight}, {"#cc79a7", kLight}}}},
      {"chip", {{{"#7f9172", kDark}, {"#7f9172", kDark}, {"#7f9172", kDark}, {"#7f9172", kDark}}}},
      {"array",
       {{{"var(--hatch)", "var(--soft)"},
         {"var(--hatch)", "var(--soft)"},
         {"var(--hatch)", "var(--soft)"},
         {"var(--hatch)", "var(--soft)"}}}}};
  return all;
}

}  // namespace

Paint paint_of_kind(std::string_view kind, std::size_t nth) {
  const auto family = std::ranges::find(families(), kind, &Family::kind);
  if (family == families().end()) return {"#8c4a12", kDark};
  return family->shades[nth % family->shades.size()];
}

std::size_t rank_of_kind(std::string_view kind) {
  return static_cast<std::size_t>(std::ranges::find(families(), kind, &Family::kind) - families().begin());
}

std::string bar(const std::string& label, const std::vector<Part>& parts, double whole, double of,
                const std::string& value) {
  std::string track, said = label;
  for (const auto& p : parts) {
    if (p.value <= 0) continue;
    const double width = 100 * p.value / whole, share = 100 * p.value / of;
    const auto title = fmt::format("{}: {} ({:.1f} %)", p.name, p.said, share);
    const auto text = width >= 100.0 / 14 ? fmt::format("<b>{:.0f} %</b>", share) : std::string();
    track += fmt::format("<i style=\"width:{:.3f}%;background:{};color:{}\" title=\"{}\">{}</i>", width, p.paint.fill,
                         p.paint.ink, escaped(title), text);
    said += "; " + title;
  }
  return fmt::format(
      "<div class=\"bar\"><span class=\"label\" title=\"{0}\">{0}</span><span class=\"track\" role=\"img\" "
      "aria-label=\"{1}\">{2}</span><span class=\"value\">{3}</span></div>\n",
      escaped(label), escaped(said), track, value);
}

std::string legend(const std::vector<Entry>& entries) {
  std::string text = "<ul class=\"legend\">";
  for (const auto& e : entries)
    text += fmt::format("<li><i style=\"background:{}\"></i>{}{}</li>", e.paint.fill, escaped(e.name),
                        e.what.empty() ? "" : fmt::format(" <span class=\"soft\">{}</span>", escaped(e.what)));
  return text + "</ul>\n";
}

std::string card(const std::string& what, const std::string& value, const std::string& unit,
                 const std::string& origin) {
  return fmt::format(
      "<div class=\"card\"><span class=\"what\">{}</span><b>{} <small>{}</small></b><span "
      "class=\"origin\">{}</span></div>\n",
      what, value, unit, origin);
}

std::string row(const std::vector<Cell>& cells, std::string_view tag) {
  std::string text = "<tr>";
  for (const auto& c : cells)
    text += c.kind.empty() ? fmt::format("<{0}>{1}</{0}>", tag, c.content)
                           : fmt::format("<{0} class=\"{2}\">{1}</{0}>", tag, c.content, c.kind);
  return text + "</tr>\n";
}

std::string table(const std::string& head, const std::string& body, const std::string& foot) {
  return fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table><thead>{}</thead><tbody>\n{}</tbody>{}</table></div>\n", head, body,
      foot.empty() ? foot : "<tfoot>" + foot + "</tfoot>");
}

std::string folded(const std::string& summary, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>{}</details>\n", summary, content);
}

}  // namespace eyrie::html
