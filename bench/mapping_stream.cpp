#include "bench/mapping_stream.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <stdexcept>

#include "base/random.hpp"
#include "dataflows/legality.hpp"
#include "mapper/assemble.hpp"

namespace eyrie::bench {

namespace {

class Walk {
 public:
  Walk(const LayerNest& l, const Architecture& a, const Dataflow& f) : l_{l}, a_{a}, f_{f} {
    for (Dim d : kAllDims) options_[at(d)] = dim_options(d, l, a, f, Space::Ragged);
  }

  std::vector<Mapping> all(std::size_t count) {
    for (int tries = 0; found_.size() < count && tries < kTries; ++tries)
      if (const auto inner = array()) around(*inner, count);
    if (found_.size() < count) throw std::runtime_error(fmt::format("only {} mappings were met", found_.size()));
    return std::move(found_);
  }

 private:
  static constexpr int kTries = 1000000;
  static constexpr std::size_t kOfOnePass = 8;  ///< mappings with the same array and spads
  static std::size_t at(Dim d) { return static_cast<std::size_t>(d); }
  template <class T>
  const T& any(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(random_.between(0, std::ssize(all) - 1))];
  }

  /// An option a dimension, if they have room on the array together.
  std::optional<InnerChoice> array() {
    InnerChoice inner;
    std::int64_t rows = 1, columns = 1;
    for (Dim d : kAllDims) {
      if (options_[at(d)].empty()) return std::nullopt;
      inner[at(d)] = any(options_[at(d)]);
      rows *= inner[at(d)].rows;
      columns *= inner[at(d)].columns;
      if (rows > a_.array.rows || columns > a_.array.columns) return std::nullopt;
    }
    return inner;
  }

  void around(const InnerChoice& inner, std::size_t count) {
    const auto nests = pe_nests(pe_part(inner), l_, a_, f_);
    if (nests.empty()) return;
    const auto& nest = any(nests);
    std::vector<OuterChoice> outside;
    KnownChains known;
    outer_choices(
        pass_shape(inner, {}), l_, a_, known, [&](const TileWords&) { return outside.size() < 1000; },
        [&](const OuterChoice& o) { outside.push_back(o); });
    for (std::size_t i = 0; i < kOfOnePass && !outside.empty() && found_.size() < count; ++i) {
      auto m = assemble_mapping(inner, nest, any(outside), {}, l_, a_);
      if (is_legal(m, l_, a_) && met_.insert(pretty(m, l_)).second) found_.push_back(std::move(m));
    }
  }

  const LayerNest& l_;
  const Architecture& a_;
  const Dataflow& f_;
  Random random_{1, "mapping stream"};
  std::array<std::vector<DimOption>, kDims> options_;
  std::set<std::string> met_;
  std::vector<Mapping> found_;
};

}  // namespace

std::vector<Mapping> mapping_stream(const LayerNest& l, const Architecture& a, const Dataflow& f, std::size_t count) {
  return Walk{l, a, f}.all(count);
}

}  // namespace eyrie::bench
