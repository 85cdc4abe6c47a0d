#include "app/validate/tolerance.hpp"

#include <algorithm>
#include <cmath>

#include "base/quantities.hpp"

namespace eyrie {

namespace {

/// Room for the last bits of sums of doubles; exact means equal but for these.
constexpr double kRounding = 1e-9;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool read_part(std::string_view text, Tolerance& into) {
  if (text == "exact") return true;
  if (text == "shown") return into.shown = true;
  const bool factor = text.starts_with("factor "), percent = text.ends_with("%");
  if (factor) text.remove_prefix(7);
  if (percent) text.remove_suffix(1);
  const auto number = parse_number(trimmed(text));
  if (!number || *number <= 0 || (factor && (percent || *number < 1))) return false;
  if (factor)
    into.factor = *number;
  else if (percent)
    into.relative = *number / 100;
  else
    into.absolute = *number;
  return true;
}

}  // namespace

bool Tolerance::allows(double published, double ours) const {
  if (shown) return true;
  if (!std::isfinite(ours)) return false;
  const double room = std::max(absolute, relative * std::abs(published)), rounding = kRounding * std::abs(published);
  if (std::abs(ours - published) <= room + rounding) return true;
  if (published == 0 || ours / published <= 0) return false;
  const double ratio = ours / published;
  return std::max(ratio, 1 / ratio) <= factor * (1 + kRounding);
}

std::optional<Tolerance> parse_tolerance(std::string_view text) {
  Tolerance all;
  for (;;) {
    const auto cut = text.find(" or ");
    if (!read_part(trimmed(text.substr(0, cut)), all)) return std::nullopt;
    if (cut == std::string_view::npos) return all;
    text.remove_prefix(cut + 4);
  }
}

}  // namespace eyrie
