#pragma once

// Internal to report: the pieces that report.html is put together from. Everything that comes from a file goes through
// `escaped`; functions say so where they take finished HTML instead.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "arch/architecture.hpp"
#include "sim/layer_result.hpp"

namespace eyrie::html {

/// Text as HTML, safe in elements and in quoted attributes.
std::string escaped(std::string_view text);
/// 1234567 as 1 234 567, with thin spaces.
std::string grouped(std::int64_t n);

/// How a share is drawn: CSS `background` and the colour of text on it.
struct Paint {
  std::string fill, ink;
};
Paint paint_of(Cause);
/// Of input, weight, output, compute, static, clock, leakage, control.
Paint paint_of_tensor(std::string_view tensor);
/// Components with one colour family a kind, from DRAM inwards; `nth` counts the components of that kind.
Paint paint_of_kind(std::string_view kind, std::size_t nth);
/// Place of a kind on the way from DRAM inwards, for sorting.
std::size_t rank_of_kind(std::string_view kind);

/// A share of a stacked bar.
struct Part {
  std::string name;
  Paint paint;
  double value = 0;
  std::string said;  ///< the value with its unit
};
/// A labelled stacked bar. Parts that fill at least a fourteenth of it also carry their percentage as text.
/// `whole` is the value of the full width, `of` what percentages refer to, `value` what stands at the end.
std::string bar(const std::string& label, const std::vector<Part>& parts, double whole, double of,
                const std::string& value);

/// A line of a legend.
struct Entry {
  std::string name, what;
  Paint paint;
};
std::string legend(const std::vector<Entry>&);

/// A headline figure. All four are finished HTML.
std::string card(const std::string& what, const std::string& value, const std::string& unit, const std::string& origin);

/// A cell of finished HTML. `kind` is its CSS class: empty for figures, "text" for words.
struct Cell {
  std::string content;
  std::string_view kind = {};
};
std::string row(const std::vector<Cell>& cells, std::string_view tag = "td");
/// A table that scrolls sideways where it doesn't fit. `foot` may be empty.
std::string table(const std::string& head, const std::string& body, const std::string& foot = {});
/// Something to unfold.
std::string folded(const std::string& summary, const std::string& content);

}  // namespace eyrie::html
