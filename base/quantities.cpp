#include "base/quantities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace eyrie {

namespace {

constexpr UnitName kBits[] = {{"b", 1}};
constexpr UnitName kBytes[] = {{"B", 1},    {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824},
                               {"kB", 1e3}, {"MB", 1e6},   {"GB", 1e9}};
constexpr UnitName kHertz[] = {{"Hz", 1}, {"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}};
constexpr UnitName kCycles[] = {{"cycles", 1}, {"cycle", 1}};
constexpr UnitName kWords[] = {{"words", 1}, {"word", 1}};
constexpr UnitName kWordsPerCycle[] = {{"words/cycle", 1}, {"word/cycle", 1}};
constexpr UnitName kBytesPerCycle[] = {{"B/cycle", 1}};
constexpr UnitName kPicojoules[] = {{"pJ", 1}, {"fJ", 1e-3}, {"nJ", 1e3}, {"uJ", 1e6}, {"mJ", 1e9}, {"J", 1e12}};
constexpr UnitName kSeconds[] = {{"s", 1}, {"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}};
constexpr UnitName kVolts[] = {{"V", 1}, {"mV", 1e-3}};
constexpr UnitName kNanometres[] = {{"nm", 1}};
constexpr UnitName kMillimetres[] = {{"mm", 1}, {"um", 1e-3}};
constexpr UnitName kMilliwatts[] = {{"mW", 1}, {"uW", 1e-3}, {"W", 1e3}};
constexpr UnitName kSquareMicrons[] = {{"um2", 1}, {"mm2", 1e6}};

/// Digits with '_' between them, without the '_'.
std::optional<std::string> plain_digits(std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      all += text[i];
      continue;
    }
    const auto digit = [&](std::size_t k) { return k < text.size() && text[k] >= '0' && text[k] <= '9'; };
    if (i == 0 || !digit(i - 1) || !digit(i + 1)) return std::nullopt;
  }
  if (all.starts_with('+')) all.erase(0, 1);
  const auto first = all.find_first_not_of('-');
  if (first == std::string::npos || first > 1 || all[first] < '0' || all[first] > '9') return std::nullopt;
  return all;
}

}  // namespace

std::span<const UnitName> units_of(Dimension d) {
  switch (d) {
    case Dimension::None:
      return {};
    case Dimension::Bits:
      return kBits;
    case Dimension::Bytes:
      return kBytes;
    case Dimension::Hertz:
      return kHertz;
    case Dimension::Cycles:
      return kCycles;
    case Dimension::Words:
      return kWords;
    case Dimension::WordsPerCycle:
      return kWordsPerCycle;
    case Dimension::BytesPerCycle:
      return kBytesPerCycle;
    case Dimension::Picojoules:
      return kPicojoules;
    case Dimension::Seconds:
      return kSeconds;
    case Dimension::Volts:
      return kVolts;
    case Dimension::Nanometres:
      return kNanometres;
    case Dimension::Millimetres:
      return kMillimetres;
    case Dimension::Milliwatts:
      return kMilliwatts;
    case Dimension::SquareMicrons:
      return kSquareMicrons;
  }
  return {};
}

bool is_whole(Dimension d) {
  return d == Dimension::Bits || d == Dimension::Bytes || d == Dimension::Cycles || d == Dimension::Words ||
         d == Dimension::WordsPerCycle;
}

std::string_view example_of(Dimension d) {
  switch (d) {
    case Dimension::None:
      return "12";
    case Dimension::Bits:
      return "16 b";
    case Dimension::Bytes:
      return "108 KiB";
    case Dimension::Hertz:
      return "200 MHz";
    case Dimension::Cycles:
      return "3 cycles";
    case Dimension::Words:
      return "24 words";
    case Dimension::WordsPerCycle:
      return "4 words/cycle";
    case Dimension::BytesPerCycle:
      return "8 B/cycle";
    case Dimension::Picojoules:
      return "1.5 pJ";
    case Dimension::Seconds:
      return "20 ms";
    case Dimension::Volts:
      return "1.0 V";
    case Dimension::Nanometres:
      return "65 nm";
    case Dimension::Millimetres:
      return "0.2 mm";
    case Dimension::Milliwatts:
      return "30 mW";
    case Dimension::SquareMicrons:
      return "2500 um2";
  }
  return "12";
}

std::optional<double> parse_number(std::string_view text) {
  const auto digits = plain_digits(text);
  if (!digits) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(digits->data(), digits->data() + digits->size(), value);
  if (error != std::errc{} || end != digits->data() + digits->size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const auto digits = plain_digits(text);
  if (!digits) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits->data(), digits->data() + digits->size(), value);
  if (error != std::errc{} || end != digits->data() + digits->size()) return std::nullopt;
  return value;
}

std::span<const Dimension> dimensions_with_units() {
  using enum Dimension;
  static constexpr Dimension kAll[] = {Bits,          Bytes,         Hertz,      Cycles,       Words,
                                       WordsPerCycle, BytesPerCycle, Picojoules, Seconds,      Volts,
                                       Nanometres,    Millimetres,   Milliwatts, SquareMicrons};
  return kAll;
}

std::optional<AnyQuantity> parse_any_quantity(std::string_view text) {
  if (const auto bare = parse_number(text)) return AnyQuantity{*bare, Dimension::None};
  for (const auto d : dimensions_with_units())
    for (const auto& u : units_of(d)) {
      if (!text.ends_with(u.suffix)) continue;
      auto digits = text.substr(0, text.size() - u.suffix.size());
      while (digits.ends_with(' ')) digits.remove_suffix(1);
      if (const auto number = parse_number(digits)) return AnyQuantity{*number * u.factor, d};
    }
  return std::nullopt;
}

std::string write_quantity(double value, Dimension d) {
  const auto units = units_of(d);
  if (units.empty()) return fmt::format("{}", value);
  const UnitName* best = &units.front();
  for (const auto& u : units) {
    const bool exact = (value / u.factor) * u.factor == value;
    const bool tidy = is_whole(d) ? std::fmod(value, u.factor) == 0 : std::abs(value) >= u.factor;
    const bool binary_wins = d != Dimension::Bytes || u.suffix.find('i') != std::string_view::npos;
    if (exact && tidy && u.factor > best->factor && binary_wins) best = &u;
    if (exact && !is_whole(d) && std::abs(value) > 0 && std::abs(value) < best->factor && std::abs(value) >= u.factor)
      best = &u;
  }
  return fmt::format("{} {}", value / best->factor, best->suffix);
}

}  // namespace eyrie
