#include "app/validate/counted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "dataflows/legality.hpp"

namespace eyrie {

namespace {

/// A column's name, taken apart.
struct Counted {
  enum class What : std::uint8_t { Words, Bytes, Kibibytes, Buffer } what = What::Words;
  std::string component;
  Operand tensor = Operand::Input;
  Action action = Action::Read;
};

constexpr std::pair<std::string_view, Counted::What> kUnits[] = {
    {"words", Counted::What::Words}, {"bytes", Counted::What::Bytes}, {"kib", Counted::What::Kibibytes}};

std::vector<std::string_view> cut(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const auto dot = text.find('.');
    pieces.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return pieces;
    text.remove_prefix(dot + 1);
  }
}

std::optional<Counted> parse(std::string_view column) {
  const auto pieces = cut(column);
  Counted c;
  if (pieces.size() == 2 && pieces[0] == "buffer_kib") {
    const auto tensor = value_of<Operand>(pieces[1]);
    if (!tensor) return std::nullopt;
    return Counted{.what = Counted::What::Buffer, .component = {}, .tensor = *tensor};
  }
  const auto unit = std::ranges::find(kUnits, pieces[0], &std::pair<std::string_view, Counted::What>::first);
  if (pieces.size() != 4 || unit == std::end(kUnits)) return std::nullopt;
  const auto tensor = value_of<Operand>(pieces[2]);
  const auto action = value_of<Action>(pieces[3]);
  if (!tensor || !action) return std::nullopt;
  return Counted{unit->second, std::string(pieces[1]), *tensor, *action};
}

/// Bytes of the tile of a tensor that its buffer holds, in KiB; as the mapping has it, not rounded to banks.
double buffer_kib(const PlannedLayer& l, Operand t, const PreparedExperiment& p) {
  const auto words = kept_words(l.mapping, l.nest, tile_position(l.mapping, p.architecture, t), t);
  return static_cast<double>(words.count() * p.architecture.width(t).count()) / 8 / 1024;
}

}  // namespace

bool has_component(const PreparedExperiment& p, std::string_view name) {
  return kind_of(p.architecture, name) != name || name == "dram" || name == "mac";
}

bool known_count(std::string_view column, const PreparedExperiment& p) {
  const auto c = parse(column);
  return c && (c->what == Counted::What::Buffer || has_component(p, c->component));
}

std::optional<MeasuredExperiment::Wrong> wrong_total(std::string_view column) {
  const auto c = parse(column);
  if (!c || c->what != Counted::What::Buffer) return std::nullopt;
  return MeasuredExperiment::Wrong{fmt::format("{} is of a layer's tile, and all layers together have none", column),
                                   "name a layer"};
}

Measured read_count(std::string_view column, const ActionCounts& counts, const PlannedLayer* layer,
                    const PreparedExperiment& p, const std::string& origin) {
  const auto c = *parse(column);
  const auto bytes = [&] { return static_cast<double>(counts.bytes(c.component, c.tensor, c.action).count()); };
  switch (c.what) {
    case Counted::What::Words:
      return {static_cast<double>(counts.words(c.component, c.tensor, c.action).count()), "words", origin, {}};
    case Counted::What::Bytes:
      return {bytes(), "B", origin, {}};
    case Counted::What::Kibibytes:
      return {bytes() / 1024, "KiB", origin, {}};
    case Counted::What::Buffer:
      return {buffer_kib(*layer, c.tensor, p), "KiB", "mapping", {}};
  }
  return {};
}

}  // namespace eyrie
