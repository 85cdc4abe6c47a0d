#pragma once

// Numbers of a scenario that are no result of ours: each with its source.

#include <string>
#include <vector>

#include "base/fields.hpp"
#include "energy/energy_table.hpp"

namespace eyrie {

/// Which numbers a figure may be.
enum class Allowed : std::uint8_t { FromZero, Positive, Share };

/// A number of a scenario file: `{value: 20 nJ, source: "...", confidence: assumed}`.
template <class T, Allowed kAllowed = Allowed::FromZero>
struct Figure {
  T value{};
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
};

template <class T, Allowed kAllowed>
void describe(Fields& f, Figure<T, kAllowed>& figure) {
  constexpr auto range = [] {
    if (kAllowed == Allowed::Positive) return Positive();
    return kAllowed == Allowed::Share ? Between(0, 1) : AtLeast(0);
  };
  f.about("a figure with its source");
  f.required("value", figure.value, "the figure", range());
  f.required("source", figure.source, "where it was read, or what it was computed from");
  f.required("confidence", figure.confidence, "how much it can be trusted");
  f.optional("note", figure.note, "what to beware of");
}

/// A figure as results list it.
struct StatedFigure {
  std::string key;  ///< its path in the file
  double value = 0;
  std::string unit;
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
};

inline double plain(double v) { return v; }
inline double plain(Milliwatts v) { return v.mw; }
template <class Tag, class Rep>
double plain(Quantity<Tag, Rep> v) {
  return static_cast<double>(v.count());
}

/// `unit` is that of the value as it is held: s, pJ, mW.
template <class T, Allowed kAllowed>
StatedFigure stated(std::string key, const Figure<T, kAllowed>& figure, std::string unit) {
  return {std::move(key), plain(figure.value), std::move(unit), figure.source, figure.confidence, figure.note};
}

/// What a power draws over a time.
inline Picojoules energy_over(Milliwatts power, Seconds time) { return Picojoules{power.mw * time.count() * 1e9}; }

}  // namespace eyrie
