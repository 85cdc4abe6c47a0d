#include <fmt/format.h>

#include <algorithm>

#include "dataflows/mapping_file.hpp"
#include "interchange/timeloop_directives.hpp"
#include "interchange/timeloop_mapping.hpp"

namespace eyrie {

namespace {

/// Directives that fit the layer become a nest.
class NestBuilder {
 public:
  NestBuilder(TimeloopDirectives directives, const LayerNest& layer, const Architecture& machine,
              const TimeloopContext& context)
      : all_{std::move(directives)}, layer_{layer}, machine_{machine}, axes_{context.axes}, added_{context.added} {}

  TimeloopMapping nest() && {
    Diagnostics wrong;
    check_factors(wrong);
    wrong.raise_if_any();
    build();
    hoist_psums();
    return std::move(result_);
  }

 private:
  /// ((last0 - 1) * all1 + (last1 - 1)) * all2 + ... + 1 is the extent: all rounds are whole, only the last is short.
  void check_factors(Diagnostics& wrong) const {
    for (Dim d : kAllDims) {
      double reached = 0, product = 1;
      all_.each_slot([&](const TimeloopLoops& l) {
        const auto it = l.factors.find(d);
        if (it == l.factors.end()) return;
        reached = reached * static_cast<double>(it->second.all) + static_cast<double>(it->second.last - 1);
        product *= static_cast<double>(it->second.all);
      });
      if (product > 1e15)
        wrong.error(all_.where, fmt::format("the factors of {} multiply to more than 1e15", timeloop_letter(d, axes_)),
                    "make them smaller");
      if (reached + 1 != static_cast<double>(layer_.extent[d]))
        wrong.error(all_.where,
                    fmt::format("the factors of {} make {}, and the layer has {}", timeloop_letter(d, axes_),
                                reached + 1, layer_.extent[d]),
                    "a last, shorter round is written like P=7,6");
    }
  }

  void build() {
    inside_ = Extents{};
    all_.each_slot([&](const TimeloopLoops& l) {
      for (auto& [d, f] : l.factors) inside_[d] *= f.all;
    });
    left_ = layer_.extent;
    for (std::size_t i = 0; i < all_.levels.size(); ++i) {
      hold(i);
      emit(all_.time[i], false);
      if (i != all_.innermost_outside()) continue;
      hold_late();
      for (auto& s : all_.space) emit(s, true);
      array_begins_ = result_.mapping.nest.size();
    }
    hold_late();
  }

  void hold(std::size_t i) {
    std::vector<Operand> here, passing;
    for (Operand t : all_.levels[i].tensors) {
      if (!bypasses(i, t))
        here.push_back(t);
      else if (!passes_by(i, t))
        passing.push_back(t);
    }
    if (!here.empty()) hold(i, here, result_.mapping.nest);
    if (passing.empty()) return;
    hold(i, passing, late_);
    for (Operand t : passing)
      result_.notes.push_back(fmt::format("{} bypasses {} in the file; {} keeps it there, with the smallest tile",
                                          data_space(t), all_.levels[i].name, machine_.name));
  }

  /// A memory that Timeloop's machine doesn't have is bypassed where this machine allows it.
  [[nodiscard]] bool bypasses(std::size_t i, Operand t) const {
    const auto& level = all_.levels[i];
    if (std::ranges::count(added_, level.name)) return !level.inside && machine_.partition(t)->bypass;
    return std::ranges::count(all_.bypasses[i], t) > 0;
  }

  /// One tensor may pass by its buffer, if the buffer's partition says so.
  bool passes_by(std::size_t i, Operand t) {
    if (i == 0 || all_.levels[i].inside || !machine_.partition(t)->bypass || past_) return false;
    past_ = t;
    return true;
  }

  void hold(std::size_t i, const std::vector<Operand>& tensors, std::vector<NestEntry>& into) {
    auto entry = keep(all_.levels[i].name, tensors);
    entry.where = all_.time[i].given ? all_.time[i].where : all_.where;
    into.push_back(std::move(entry));
  }

  /// Memories that a tensor bypasses in the file come innermost, where they hold least.
  void hold_late() {
    for (auto& entry : late_) result_.mapping.nest.push_back(std::move(entry));
    late_.clear();
  }

  void emit(TimeloopLoops& l, bool spatial_loops) {
    for (std::size_t n = l.order.size(); n-- > 0;) {
      const Dim d = l.order[n];
      const auto it = l.factors.find(d);
      if (it == l.factors.end() || it->second.all == 1) continue;
      inside_[d] /= it->second.all;
      if (left_[d] <= inside_[d]) continue;
      left_[d] = inside_[d];
      auto entry = spatial_loops ? spatial(d, inside_[d], n < l.split ? Axis::X : Axis::Y) : temporal(d, inside_[d]);
      entry.where = l.where;
      result_.mapping.nest.push_back(std::move(entry));
    }
  }

  /// Psums rest while loops over C, R and S sum into them, so their keep may stand outside of these, and Eyrie wants it
  /// there. It moves only past loops that change no word of it.
  void hoist_psums() {
    auto& nest = result_.mapping.nest;
    const auto& spad = machine_.spad(Operand::Output)->name;
    const auto at = result_.mapping.position(spad, Operand::Output);
    auto to = at;
    for (auto i = at; i-- > array_begins_;) {
      if (nest[i].temporal && is_relevant(*nest[i].temporal, Operand::Output)) break;
      if (nest[i].temporal) to = i;
    }
    if (to == at) return;
    std::rotate(nest.begin() + static_cast<std::ptrdiff_t>(to), nest.begin() + static_cast<std::ptrdiff_t>(at),
                nest.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    result_.notes.push_back(
        fmt::format("{} keeps its psums outside of the loops that only sum into them; their tile is the same", spad));
  }

  TimeloopDirectives all_;
  const LayerNest& layer_;
  const Architecture& machine_;
  TimeloopAxes axes_;
  const std::vector<std::string>& added_;
  std::optional<Operand> past_;
  TimeloopMapping result_;
  std::vector<NestEntry> late_;
  std::size_t array_begins_ = 0;
  Extents inside_, left_;
};

}  // namespace

TimeloopMapping read_timeloop_mapping(const YamlDocument& document, const LayerNest& layer, const Architecture& machine,
                                      const TimeloopContext& context) {
  Diagnostics wrong;
  if (!layer.has_weights())
    wrong.error(document.root().place, "a pooling layer has no Timeloop problem, so no mapping is one of it",
                "map a layer with weights");
  auto directives = read_timeloop_directives(document, layer, machine, context, wrong);
  wrong.raise_if_any();
  return NestBuilder{std::move(directives), layer, machine, context}.nest();
}

std::string timeloop_mappings_text(const TimeloopMapping& mapped, const std::string& problem,
                                   const std::string& architecture) {
  std::string text = "# From a Timeloop v4 mapping.\n";
  for (const auto& note : mapped.notes) text += "# " + note + "\n";
  const auto name = as_scalar(problem);
  return text + mapping_yaml(mapped.mapping, name, as_scalar(architecture), name);
}

}  // namespace eyrie
