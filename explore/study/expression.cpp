#include "explore/study/expression.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/yaml.hpp"

namespace eyrie {

namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Length of the number that `text` begins with.
std::size_t number_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && (is_digit(text[n]) || text[n] == '.')) ++n;
  if (n == 0 || n + 1 >= text.size() || (text[n] != 'e' && text[n] != 'E')) return n;
  const std::size_t digits = text[n + 1] == '+' || text[n + 1] == '-' ? n + 2 : n + 1;
  if (digits >= text.size() || !is_digit(text[digits])) return n;
  for (n = digits; n < text.size() && is_digit(text[n]);) ++n;
  return n;
}

struct Suffix {
  std::size_t length = 0;
  double factor = 1;
  Dimension dimension = Dimension::None;
};

/// The longest unit that `text` begins with.
Suffix unit_at(std::string_view text) {
  Suffix longest;
  for (const auto d : dimensions_with_units())
    for (const auto& u : units_of(d)) {
      const auto n = u.suffix.size();
      const bool ends = text.size() <= n || (!is_letter(text[n]) && !is_digit(text[n]));
      if (n > longest.length && text.starts_with(u.suffix) && ends) longest = {n, u.factor, d};
    }
  return longest;
}

constexpr std::string_view kUnit = "_unit_";

void define_functions(mu::Parser& p, bool round) {
  const auto same = [](double v) { return v; };
  for (const char* name : {"floor", "ceil", "round", "rint"}) p.DefineFun(name, same);
  if (!round) return;
  p.DefineFun("floor", [](double v) { return std::floor(v); });
  p.DefineFun("ceil", [](double v) { return std::ceil(v); });
  p.DefineFun("round", [](double v) { return std::round(v); });
  p.DefineFun("rint", [](double v) { return std::rint(v); });
}

/// muParser's assignment, which changes nothing here: a `=` that belongs to no comparison.
bool assigns(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') continue;
    const bool two = i + 1 < text.size() && text[i + 1] == '=';
    if (!two && (i == 0 || std::string_view("<>!").find(text[i - 1]) == std::string_view::npos)) return true;
    if (two) ++i;
  }
  return false;
}

}  // namespace

Expression::Expression(std::string text, const std::vector<std::string>& names, const Place& where,
                       const std::vector<std::string>& later)
    : text_{std::move(text)}, where_{where} {
  const std::string_view all = text_;
  for (std::size_t i = 0; i < all.size();) {
    if (is_letter(all[i])) {  // a name is taken whole: its digits are no numbers
      const auto begin = i;
      while (i < all.size() && (is_letter(all[i]) || is_digit(all[i]))) ++i;
      plain_ += all.substr(begin, i - begin);
      if (all.substr(begin).starts_with(kUnit))  // those are ours
        throw InputError(where_,
                         fmt::format("\"{}\" has {}, which is nothing here", text_, all.substr(begin, i - begin)));
      continue;
    }
    const auto n = number_length(all.substr(i));
    if (n == 0) {
      plain_ += all[i++];
      continue;
    }
    auto after = i + n;
    while (after < all.size() && all[after] == ' ') ++after;
    const auto unit = unit_at(all.substr(after));
    plain_ += unit.length > 0 ? fmt::format("({} * {}{})", all.substr(i, n), kUnit, units_.size()) : all.substr(i, n);
    if (unit.length > 0) units_.push_back({unit.factor, unit.dimension});
    i = unit.length > 0 ? after + unit.length : i + n;
  }
  static constexpr const char* kExample = "write it like \"ceil(glb / 4 KiB) - 2\"";
  if (assigns(text_)) throw InputError(where_, fmt::format("\"{}\" is no expression: it has a =", text_), kExample);
  try {
    mu::Parser p;
    define_functions(p, true);
    p.SetExpr(plain_);
    for (const auto& [name, address] : p.GetUsedVar())
      if (!name.starts_with(kUnit)) used_.push_back(name);
  } catch (const mu::ParserError& e) {
    throw InputError(where_, fmt::format("\"{}\" is no expression: {}", text_, e.GetMsg()), kExample);
  }
  Diagnostics wrong;
  const std::vector<std::string_view> known{names.begin(), names.end()};
  for (const auto& name : used_) {
    if (std::ranges::count(names, name) > 0) continue;
    if (std::ranges::count(later, name) > 0)
      wrong.error(where_, fmt::format("\"{}\" has {}, which has no value yet", text_, name),
                  "a parameter may use those above it: move it below them");
    else
      wrong.error(where_, fmt::format("\"{}\" has {}, which is nothing here", text_, name), did_you_mean(name, known));
  }
  wrong.raise_if_any();
}

double Expression::evaluate(const NamedQuantities& values, Rounding rounding, Dimension doubled) const {
  std::vector<double> held;
  held.reserve(used_.size() + units_.size());
  const auto scaled = [&](double value, Dimension d) {
    return d != Dimension::None && d == doubled ? 2 * value : value;
  };
  try {
    mu::Parser p;
    define_functions(p, rounding == Rounding::Done);
    const auto define = [&](const std::string& name, double value) {
      held.push_back(value);
      p.DefineVar(name, &held.back());
    };
    for (const auto& name : used_) define(name, scaled(values.at(name).value, values.at(name).dimension));
    for (std::size_t i = 0; i < units_.size(); ++i)
      define(fmt::format("{}{}", kUnit, i), scaled(units_[i].factor, units_[i].dimension));
    p.SetExpr(plain_);
    const double value = p.Eval();
    if (p.GetNumResults() == 1) return value;
  } catch (const mu::ParserError& e) {
    throw InputError(where_, fmt::format("\"{}\" has no value: {}", text_, e.GetMsg()));
  }
  throw InputError(where_, fmt::format("\"{}\" has several values", text_), "write one expression");
}

bool Expression::has(const NamedQuantities& values, Dimension d) const {
  return std::ranges::any_of(used_, [&](const auto& name) { return values.at(name).dimension == d; }) ||
         std::ranges::any_of(units_, [&](const Unit& u) { return u.dimension == d; });
}

AnyQuantity Expression::of(const NamedQuantities& values) const {
  for (const auto& name : used_)
    if (!values.contains(name))
      throw InputError(where_, fmt::format("\"{}\" needs {}, which is no number here", text_, name),
                       "give all its values as numbers");
  AnyQuantity all{evaluate(values, Rounding::Done, Dimension::None), Dimension::None};
  if (!std::isfinite(all.value))
    throw InputError(where_, fmt::format("\"{}\" is no finite number", text_), "do not divide by what may be nothing");
  const double once = evaluate(values, Rounding::LeftOut, Dimension::None);
  const auto near = [&](double v, double wanted) { return std::abs(v - wanted) <= 1e-12 * std::abs(wanted); };
  for (const auto d : dimensions_with_units()) {
    if (!has(values, d)) continue;
    const double twice = evaluate(values, Rounding::LeftOut, d);
    if (near(twice, once)) continue;
    if (!near(twice, 2 * once) || all.dimension != Dimension::None)
      throw UnitError(where_, fmt::format("\"{}\" mixes units", text_),
                      "add and compare only what has the same unit; a quotient of two has none");
    all.dimension = d;
  }
  return all;
}

static constexpr std::string_view kComparisons[] = {"<=", ">=", "==", "!=", "<", ">"};  // longer ones first

StudyConstraint::StudyConstraint(std::string text, const std::vector<std::string>& names, const Place& where)
    : text_{std::move(text)}, where_{where} {
  const auto at = text_.find_first_of("<>=!");
  if (at != std::string::npos)
    for (const auto c : kComparisons)
      if (comparison_.empty() && std::string_view(text_).substr(at).starts_with(c)) comparison_ = c;
  if (comparison_.empty())
    throw InputError(where_, fmt::format("\"{}\" compares nothing", text_), "write it like \"area < 4 mm2\"");
  const auto trimmed = [](std::string s) {
    while (s.starts_with(' ')) s.erase(0, 1);
    while (s.ends_with(' ')) s.pop_back();
    return s;
  };
  for (const auto& side : {text_.substr(0, at), text_.substr(at + comparison_.size())}) {
    if (side.find_first_of("<>=!&|?") != std::string::npos)
      throw InputError(where_, fmt::format("\"{}\" compares more than once", text_), "write a constraint each");
    sides_.emplace_back(trimmed(side), names, where_);
  }
}

std::vector<std::string> StudyConstraint::used() const {
  auto all = sides_[0].used();
  all.insert(all.end(), sides_[1].used().begin(), sides_[1].used().end());
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

bool StudyConstraint::needs_only(const NamedQuantities& known) const {
  return std::ranges::all_of(sides_, [&](const Expression& side) {
    return std::ranges::all_of(side.used(), [&](const std::string& name) { return known.contains(name); });
  });
}

std::string StudyConstraint::broken_by(const NamedQuantities& values) const {
  const auto left = sides_[0].of(values), right = sides_[1].of(values);
  if (left.dimension != right.dimension && left.value != 0 && right.value != 0)
    throw UnitError(where_, fmt::format("\"{}\" compares different units", text_),
                    left.dimension == Dimension::None || right.dimension == Dimension::None
                        ? "write numbers with their unit"
                        : "compare what has the same unit");
  const double l = left.value, r = right.value;
  const bool holds = comparison_ == "<"    ? l < r
                     : comparison_ == "<=" ? l <= r
                     : comparison_ == ">"  ? l > r
                     : comparison_ == ">=" ? l >= r
                     : comparison_ == "==" ? l == r
                                           : l != r;
  if (holds) return {};
  const double shown = l == std::round(l) ? l : std::stod(fmt::format("{:.6g}", l));  // for people
  return fmt::format("{} is {}, and {} is wanted", sides_[0].text(), write_quantity(shown, left.dimension), text_);
}

}  // namespace eyrie
