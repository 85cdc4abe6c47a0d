#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "interchange/timeloop_levels.hpp"
#include "interchange/timeloop_mapping.hpp"

namespace eyrie {

namespace {

class MappingWriter {
 public:
  MappingWriter(const Mapping& m, const LayerNest& l, const Architecture& a, const TimeloopContext& c,
                const Place& fallback)
      : m_{m}, layer_{l}, machine_{a}, context_{c}, fallback_{fallback}, levels_{timeloop_levels(a)} {}

  std::string write() {
    wrong_at_all();
    wrong_.raise_if_any();
    assign();
    factors();
    wrong_.raise_if_any();
    std::string text = "mapping:\n";
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      if (!is_added(levels_[i].name)) text += dataspace(levels_[i]) + temporal_directive(i);
      const bool last = i + 1 == levels_.size() || levels_[i + 1].inside;
      if (last && !levels_[i].inside) text += spatial_directives();
    }
    return text;
  }

 private:
  void error(std::size_t entry, std::string problem, std::string remedy) {
    const bool placed = entry < m_.nest.size() && m_.nest[entry].where.line > 0;
    wrong_.error(placed ? m_.nest[entry].where : fallback_, std::move(problem), std::move(remedy));
  }

  /// A loop of one trip says nothing.
  [[nodiscard]] bool turns(std::size_t i) const { return m_.nest[i].is_loop() && m_.trips(layer_.extent, i) > 1; }

  [[nodiscard]] std::optional<std::size_t> level(const std::string& name) const {
    const auto it = std::ranges::find(levels_, name, &TimeloopLevel::name);
    if (it == levels_.end()) return std::nullopt;
    return static_cast<std::size_t>(it - levels_.begin());
  }

  [[nodiscard]] char letter(Dim d) const { return kDimNames[static_cast<std::size_t>(timeloop_dim(d, context_.axes))]; }

  void wrong_at_all() {
    if (!layer_.has_weights())
      error(m_.nest.size(), "a pooling layer has no Timeloop problem, so its mapping has none", "give a MAC layer");
    if (m_.nest.empty() || !m_.nest.front().keep || *m_.nest.front().keep != machine_.dram.name)
      error(0, fmt::format("the nest does not begin with {}", machine_.dram.name),
            fmt::format("begin with `keep: {}, tensors: [input, weight, output]`", machine_.dram.name));
    for (std::size_t i = 0; i < m_.nest.size(); ++i)
      if (m_.nest[i].keep && !level(*m_.nest[i].keep))
        error(i, fmt::format("{} has no memory called {}", machine_.name, *m_.nest[i].keep), "map it for this machine");
    Extents left = layer_.extent;
    for (std::size_t i = 0; i < m_.nest.size(); ++i) {
      if (!m_.nest[i].is_loop()) continue;
      const auto d = m_.nest[i].dim();
      if (m_.nest[i].step < 1 || m_.nest[i].step > left[d] || (m_.nest[i].spatial && !m_.nest[i].axis))
        error(i, fmt::format("the loop over {} in steps of {} cuts nothing", name_of(d), m_.nest[i].step),
              fmt::format("take a step between 1 and {}", left[d]));
      else
        left[d] = m_.nest[i].step;
    }
    for (Dim d : kAllDims)
      if (left[d] != 1)
        error(m_.nest.size(), fmt::format("{} of {} are left inside of all loops", left[d], name_of(d)),
              fmt::format("add a loop over {} with step 1", name_of(d)));
  }

  /// Each loop goes to the level whose keep stands last before it.
  void assign() {
    at_.assign(m_.nest.size(), 0);
    std::size_t now = 0;
    std::map<std::size_t, std::size_t> began;  // level to the entry of its first keep
    bool spread = false;
    for (std::size_t i = 0; i < m_.nest.size(); ++i) {
      if (m_.nest[i].keep) {
        keep_at(i, now, began);
        continue;
      }
      if (!turns(i)) continue;
      at_[i] = now;
      if (m_.nest[i].spatial) spread = true;
      if (m_.nest[i].spatial && levels_[now].inside)
        error(i, fmt::format("a spatial loop stands inside of {}", levels_[now].name), "put it outside of all spads");
      if (m_.nest[i].temporal && spread && !levels_[now].inside)
        error(i, fmt::format("the loop over {} stands between the array and its first spad", name_of(m_.nest[i].dim())),
              "Timeloop has no level there: keep a tensor in a spad outside of it");
    }
  }

  void keep_at(std::size_t i, std::size_t& now, std::map<std::size_t, std::size_t>& began) {
    const auto l = *level(*m_.nest[i].keep);
    if (is_added(levels_[l].name)) return added(i, levels_[l].inside);
    if (const auto it = began.find(l); it != began.end()) {
      for (auto k = it->second; k < i; ++k)
        if (turns(k)) return uneven(i, it->second, k);
      return;
    }
    for (const auto& [inner, first] : began)
      for (auto k = first; inner > l && k < i; ++k)
        if (turns(k)) return nested_otherwise(i, levels_[inner].name);
    began[l] = i;
    now = std::max(now, l);  // without a loop between them, the order of two keeps means nothing
  }

  [[nodiscard]] bool is_added(const std::string& name) const { return std::ranges::count(context_.added, name) > 0; }

  /// A memory that Timeloop doesn't have is innermost when the mapping is read: so its tile may not change before that.
  void added(std::size_t i, bool inside) {
    for (auto k = i + 1; k < m_.nest.size() && (inside || !m_.nest[k].spatial); ++k)
      for (Operand t : m_.nest[i].tensors)
        if (turns(k) && is_relevant(m_.nest[k].dim(), t))
          return error(i,
                       fmt::format("{} keeps {} outside of the loop over {}, and Timeloop's machine has no such memory",
                                   *m_.nest[i].keep, name_of(t), name_of(m_.nest[k].dim())),
                       "keep it inside of that loop");
  }

  void uneven(std::size_t i, std::size_t first, std::size_t loop) {
    error(i,
          fmt::format("{} keeps {} outside of the loop over {} and {} inside of it", *m_.nest[i].keep,
                      name_of(m_.nest[first].tensors.front()), name_of(m_.nest[loop].dim()),
                      name_of(m_.nest[i].tensors.front())),
          "Timeloop keeps all tensors of a memory at one place: put these keeps next to each other");
  }

  void nested_otherwise(std::size_t i, const std::string& outer) {
    error(i, fmt::format("{} is kept inside of {}, and {} lists it before", *m_.nest[i].keep, outer, machine_.name),
          "Timeloop nests memories in the order of the machine: list them as the mapping nests them");
  }

  /// Timeloop's factors are whole but for the very last round: the digits of the extent's last index.
  void factors() {
    all_.assign(m_.nest.size(), 1);
    last_.assign(m_.nest.size(), 1);
    Extents left = layer_.extent;
    std::array<bool, kDims> cut{};
    for (std::size_t i = 0; i < m_.nest.size(); ++i) {
      if (!turns(i)) continue;
      const auto d = m_.nest[i].dim();
      const auto step = m_.nest[i].step;
      auto& before = cut[static_cast<std::size_t>(d)];
      if (before && left[d] % step != 0)
        error(i, fmt::format("{} of {} in steps of {} leave a remainder in every round", left[d], name_of(d), step),
              "Timeloop's remainder is only that of the last round: take a step that divides");
      all_[i] = ceil_div(left[d], step);
      last_[i] = (layer_.extent[d] - 1) / step % all_[i] + 1;
      left[d] = step;
      before = true;
    }
  }

  [[nodiscard]] std::string factor(std::size_t i) const {
    const auto d = letter(m_.nest[i].dim());
    return all_[i] == last_[i] ? fmt::format("{}={}", d, all_[i]) : fmt::format("\"{}={},{}\"", d, all_[i], last_[i]);
  }

  [[nodiscard]] static std::string listed(const std::vector<Operand>& tensors) {
    std::string text;
    for (Operand t : tensors) text += fmt::format("{}{}", text.empty() ? "" : ", ", data_space(t));
    return text;
  }

  [[nodiscard]] std::string dataspace(const TimeloopLevel& l) const {
    std::vector<Operand> kept, passing;
    for (Operand t : kAllOperands) (m_.position(l.name, t) == m_.nest.size() ? passing : kept).push_back(t);
    return fmt::format("- {{target: {}, type: dataspace, keep: [{}], bypass: [{}]}}\n", as_scalar(l.name), listed(kept),
                       listed(passing));
  }

  std::string temporal_directive(std::size_t l) {
    std::vector<std::size_t> loops;
    for (std::size_t i = 0; i < m_.nest.size(); ++i)
      if (m_.nest[i].temporal && turns(i) && at_[i] == l) loops.insert(loops.begin(), i);
    for (std::size_t k = 1; k < loops.size(); ++k) {
      const auto twice = std::ranges::count_if(
          loops, [&](std::size_t i) { return i < loops[k - 1] && m_.nest[i].dim() == m_.nest[loops[k - 1]].dim(); });
      if (twice > 0)
        error(loops[k - 1], fmt::format("{} is cut twice at {}", name_of(m_.nest[loops[k - 1]].dim()), levels_[l].name),
              "Timeloop has one loop of a dimension at each level: join the two");
    }
    wrong_.raise_if_any();
    return directive(levels_[l].name, "temporal", loops, {});
  }

  /// Loops innermost first; those along x come before the others, and `split` counts them.
  std::string directive(const std::string& target, std::string_view type, const std::vector<std::size_t>& loops,
                        const std::optional<std::size_t>& split) const {
    std::string sizes, order;
    for (const auto i : loops) {
      sizes += (sizes.empty() ? "" : ", ") + factor(i);
      order += fmt::format("{}{}", order.empty() ? "" : ", ", letter(m_.nest[i].dim()));
    }
    for (const char d : std::string("CMRSNPQ") + (layer_.extent[Dim::G] > 1 ? "G" : ""))
      if (order.find(d) == std::string::npos) {
        sizes += fmt::format("{}{}=1", sizes.empty() ? "" : ", ", d);
        order += fmt::format("{}{}", order.empty() ? "" : ", ", d);
      }
    return fmt::format("- {{target: {}, type: {}, factors: [{}], permutation: [{}]{}}}\n", as_scalar(target), type,
                       sizes, order, split ? fmt::format(", split: {}", *split) : "");
  }

  [[nodiscard]] std::vector<std::size_t> loops_along(Axis axis) {
    std::vector<std::size_t> loops;
    for (std::size_t i = 0; i < m_.nest.size(); ++i) {
      if (!m_.nest[i].spatial || *m_.nest[i].axis != axis || !turns(i)) continue;
      for (const auto k : loops)
        if (m_.nest[k].dim() == m_.nest[i].dim())
          error(i, fmt::format("{} is spread twice along {}", name_of(m_.nest[i].dim()), name_of(axis)),
                "Timeloop has one loop of a dimension at each level: join the two");
      loops.insert(loops.begin(), i);
    }
    return loops;
  }

  /// The fan-outs to write, outermost first: those of the context or, without any, the array; the array as two if a
  /// dimension lies along both axes.
  [[nodiscard]] std::vector<TimeloopFanout> fanouts(bool both) const {
    if (!context_.fanouts.empty()) return context_.fanouts;
    const auto& a = machine_.array;
    if (both) return {{a.name + "_rows", 1, a.rows}, {a.name + "_columns", a.columns, 1}};
    return {{a.name, a.columns, a.rows}};
  }

  /// The one fan-out along an axis that has loops.
  std::size_t along(const std::vector<TimeloopFanout>& all, Axis axis, const std::vector<std::size_t>& loops) {
    std::size_t at = all.size();
    if (all.size() == 1) return 0;
    for (std::size_t f = 0; f < all.size(); ++f) {
      if ((axis == Axis::X ? all[f].columns : all[f].rows) == 1) continue;
      if (at != all.size() && !loops.empty())
        error(loops.front(), fmt::format("{} and {} both lie along {}", all[at].name, all[f].name, name_of(axis)),
              "which loop goes to which can't be said: write this mapping by hand");
      at = f;
    }
    if (at == all.size() && !loops.empty())
      error(loops.front(), fmt::format("no fan-out lies along {}", name_of(axis)), "map it for this machine");
    return at;
  }

  std::string spatial_directives() {
    const auto x = loops_along(Axis::X), y = loops_along(Axis::Y);
    const auto shared = [&](std::size_t i, std::size_t k) { return m_.nest[i].dim() == m_.nest[k].dim(); };
    const bool both = std::ranges::any_of(
        x, [&](std::size_t i) { return std::ranges::any_of(y, [&](std::size_t k) { return shared(i, k); }); });
    const auto all = fanouts(both);
    const auto fx = along(all, Axis::X, x), fy = along(all, Axis::Y, y);
    for (const auto i : x)
      for (const auto k : y)
        if (shared(i, k) && (fx == fy || (fx < fy) != (i < k)))
          error(k,
                fmt::format("{} lies along both axes, the coarser part along {}", name_of(m_.nest[k].dim()),
                            i < k ? "x" : "y"),
                fx == fy ? "Timeloop has one loop of a dimension at each level: spread it along one axis"
                         : "the fan-outs nest the other way round");
    wrong_.raise_if_any();
    std::string text;
    for (std::size_t f = 0; f < all.size(); ++f) {
      auto loops = f == fx ? x : std::vector<std::size_t>{};
      const auto split = loops.size();
      if (f == fy) loops.insert(loops.end(), y.begin(), y.end());
      text += directive(all[f].name, "spatial", loops, split);
    }
    return text;
  }

  const Mapping& m_;
  const LayerNest& layer_;
  const Architecture& machine_;
  const TimeloopContext& context_;
  const Place& fallback_;
  std::vector<TimeloopLevel> levels_;
  std::vector<std::size_t> at_;
  std::vector<std::int64_t> all_, last_;
  Diagnostics wrong_;
};

}  // namespace

std::string timeloop_mapping_text(const Mapping& mapping, const LayerNest& layer, const Architecture& machine,
                                  const TimeloopContext& context, const Place& fallback) {
  return MappingWriter{mapping, layer, machine, context, fallback}.write();
}

}  // namespace eyrie
