#include <fmt/format.h>

#include <cmath>

#include "base/quantities.hpp"
#include "base/yaml.hpp"
#include "report/regression_moves.hpp"

namespace eyrie {

namespace {

constexpr const char* kRemedy = "write percentages like 0.5, or cycles=1,counts=0,energy=0.5";

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// The tolerance that a name means; null for names of no kind that has one.
double* named(RegressionTolerance& t, std::string_view name) {
  return name == "cycles" ? &t.cycles : name == "counts" ? &t.counts : name == "energy" ? &t.energy : nullptr;
}

double percentage(std::string_view text) {
  auto digits = text;
  if (digits.ends_with('%')) digits.remove_suffix(1);
  const auto value = parse_number(trimmed(digits));
  if (!value || *value < 0)
    throw InputError({"--tolerance", 0, 0}, fmt::format("\"{}\" is no percentage from 0", text), kRemedy);
  return *value;
}

void read_part(std::string_view text, bool first, RegressionTolerance& into) {
  const auto cut = text.find('=');
  if (cut == std::string_view::npos) {
    if (!first)
      throw InputError({"--tolerance", 0, 0}, fmt::format("it is not said of what kind of figures {} is", text),
                       kRemedy);
    into.cycles = into.counts = into.energy = percentage(text);
    return;
  }
  const auto name = trimmed(text.substr(0, cut));
  static constexpr std::string_view known[] = {"cycles", "counts", "energy"};
  auto* value = named(into, name);
  if (!value)
    throw InputError({"--tolerance", 0, 0}, fmt::format("there is no kind of figures called {}", name),
                     did_you_mean(name, known));
  *value = percentage(trimmed(text.substr(cut + 1)));
}

}  // namespace

double RegressionTolerance::of(FigureKind kind) const {
  return kind == FigureKind::Cycles   ? cycles
         : kind == FigureKind::Counts ? counts
         : kind == FigureKind::Energy ? energy
                                      : 0;
}

bool RegressionTolerance::allows(FigureKind kind, double before, double now) const {
  constexpr double kRounding = 1 + 1e-12;  // of the products here: exactly at a tolerance is within
  if (before == now) return true;
  return std::abs(now - before) * 100 <= of(kind) * std::abs(before) * kRounding;
}

std::string RegressionTolerance::text() const {
  if (cycles == counts && counts == energy) return fmt::format("{} %", cycles);
  return fmt::format("cycles {} %, counts {} %, energy {} %", cycles, counts, energy);
}

RegressionTolerance parse_regression_tolerance(std::string_view text) {
  RegressionTolerance all;
  for (bool first = true;; first = false) {
    const auto cut = text.find(',');
    read_part(trimmed(text.substr(0, cut)), first, all);
    if (cut == std::string_view::npos) return all;
    text.remove_prefix(cut + 1);
  }
}

}  // namespace eyrie
