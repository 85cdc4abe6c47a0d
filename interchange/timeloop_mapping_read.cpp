#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/quantities.hpp"
#include "interchange/timeloop_levels.hpp"
#include "interchange/timeloop_mapping.hpp"

namespace eyrie {

namespace {

/// A loop's trips and how many of them run the last time around.
struct Factor {
  std::int64_t all = 1, last = 1;
};

/// The loops of one level: of time or of space.
struct Loops {
  std::map<Dim, Factor> factors;
  std::vector<Dim> order;  ///< innermost first
  std::size_t split = kDims;
  Place where;
  bool given = false;
};

class MappingReader {
 public:
  MappingReader(const YamlDocument& d, const LayerNest& l, const Architecture& a, const TimeloopContext& c)
      : document_{d}, layer_{l}, machine_{a}, axes_{c.axes}, levels_{timeloop_levels(a)} {
    fanouts_ = c.fanouts;
    const auto any = std::numeric_limits<std::int64_t>::max();
    if (fanouts_.empty()) fanouts_ = {{a.array.name + "_rows", 1, any}, {a.array.name + "_columns", any, 1}};
    if (!std::ranges::count(fanouts_, a.array.name, &TimeloopFanout::name))
      fanouts_.push_back({a.array.name, any, any});
    time_.resize(levels_.size());
    space_.resize(fanouts_.size());
    bypasses_.resize(levels_.size());
  }

  TimeloopMapping read() {
    const auto& list = timeloop_part(document_, "mapping");
    place_ = list.place;
    for (const auto* entry : entries_of(list, "mapping", wrong_)) directive(*entry);
    wrong_.raise_if_any();
    check_factors();
    wrong_.raise_if_any();
    build();
    hoist_psums();
    return std::move(result_);
  }

 private:
  void directive(const ForeignNode& node) {
    ForeignMap d{node, "a directive", wrong_};
    const auto* target = d.required("target", "the level that it is for");
    const auto* type = d.required("type", "temporal, spatial or dataspace");
    const auto where = target ? text_of(*target, "target", wrong_) : std::nullopt;
    const auto what = type ? text_of(*type, "type", wrong_) : std::nullopt;
    if (!where || !what) return;
    if (*what == "temporal" || *what == "spatial")
      loops(d, *target, *where, *what == "spatial");
    else if (*what == "dataspace" || *what == "datatype" || *what == "bypass")
      dataspace(d, *target, *where);
    else {
      wrong_.error(type->place, fmt::format("the type {} is not read", *what),
                   did_you_mean(*what, std::vector<std::string_view>{"temporal", "spatial", "dataspace"}));
      return;
    }
    d.finish();
  }

  /// Index of a fan-out: the array, `inter_X_spatial` as Timeloop's front end calls it, or the buffer above.
  [[nodiscard]] std::optional<std::size_t> fanout(const std::string& name) const {
    for (std::size_t i = 0; i < fanouts_.size(); ++i)
      if (name == fanouts_[i].name || name == fmt::format("inter_{}_spatial", fanouts_[i].name)) return i;
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::size_t> level(const std::string& name) const {
    const auto it = std::ranges::find(levels_, name, &TimeloopLevel::name);
    if (it == levels_.end()) return std::nullopt;
    return static_cast<std::size_t>(it - levels_.begin());
  }

  [[nodiscard]] std::size_t innermost_outside() const {
    std::size_t last = 0;
    for (std::size_t i = 0; i < levels_.size(); ++i)
      if (!levels_[i].inside) last = i;
    return last;
  }

  void unknown_target(const ForeignNode& target, const std::string& name, bool with_fanouts) {
    std::vector<std::string_view> known;
    for (const auto& l : levels_) known.push_back(l.name);
    for (const auto& f : fanouts_)
      if (with_fanouts) known.push_back(f.name);
    wrong_.error(target.place, fmt::format("{} has no level called {}", machine_.name, name),
                 did_you_mean(name, known));
  }

  void loops(ForeignMap& d, const ForeignNode& target, const std::string& name, bool spatial) {
    const auto at_level = level(name);
    const auto at_fanout = fanout(name);
    Loops read;
    read.where = d.place();
    read.given = true;
    if (const auto* factors = d.optional("factors")) read_factors(*factors, read);
    if (const auto* order = d.optional("permutation")) read_order(*order, read);
    if (const auto* split = spatial ? d.optional("split") : nullptr)
      read.split = static_cast<std::size_t>(whole_of(*split, "split", 0, wrong_, kDims).value_or(kDims));
    check_order(read, spatial && d.optional("split"));
    if (!spatial && at_fanout && !at_level) {
      for (const auto& [dim, f] : read.factors)
        if (f.all != 1)
          wrong_.error(d.place(), fmt::format("{} has a temporal loop over {}", name, letter(dim)),
                       "the array holds no tile; put the loop at the memory above");
      return;
    }
    if (spatial && at_level && !at_fanout && *at_level == innermost_outside()) return put(space_.back(), read, d);
    if (spatial && at_fanout) {
      check_mesh(fanouts_[*at_fanout], read);
      return put(space_[*at_fanout], read, d);
    }
    if (spatial && at_level)
      wrong_.error(target.place, fmt::format("there are no instances to spread over below {}", name),
                   fmt::format("spread loops at {}", machine_.array.name));
    else if (at_level)
      put(time_[*at_level], read, d);
    else
      unknown_target(target, name, spatial);
  }

  void check_mesh(const TimeloopFanout& f, const Loops& l) {
    double x = 1, y = 1;
    for (std::size_t i = 0; i < l.order.size(); ++i)
      if (const auto it = l.factors.find(l.order[i]); it != l.factors.end())
        (i < l.split ? x : y) *= static_cast<double>(it->second.all);
    if (x > static_cast<double>(f.columns))
      wrong_.error(l.where, fmt::format("{} has {} instances along x, and the loops need {}", f.name, f.columns, x),
                   "put them along y: only the first `split` entries of the permutation lie along x");
    if (y > static_cast<double>(f.rows))
      wrong_.error(l.where, fmt::format("{} has {} instances along y, and the loops need {}", f.name, f.rows, y),
                   "put them along x: the first `split` entries of the permutation lie there");
  }

  void put(Loops& slot, const Loops& read, const ForeignMap& d) {
    if (slot.given)
      wrong_.error(d.place(), "the loops of this level were given before",
                   fmt::format("they stood in line {} first; keep one", slot.where.line));
    else
      slot = read;
  }

  void dataspace(ForeignMap& d, const ForeignNode& target, const std::string& name) {
    const auto* keep = d.optional("keep");
    const auto* bypass = d.optional("bypass");
    const auto kept = keep ? operands_of(*keep, "keep", wrong_) : std::vector<Operand>{};
    const auto passing = bypass ? operands_of(*bypass, "bypass", wrong_) : std::vector<Operand>{};
    for (Operand t : kept)
      if (std::ranges::count(passing, t))
        wrong_.error(bypass->place, fmt::format("{} is kept and bypasses", data_space(t)), "name it in one of the two");
    const auto at = level(name);
    if (!at && fanout(name)) {
      if (!kept.empty())
        wrong_.error(keep->place, fmt::format("{} keeps {}, and it is no memory", name, data_space(kept.front())),
                     "keep it in a buffer or a spad");
      return;
    }
    if (!at) return unknown_target(target, name, false);
    for (Operand t : kept)
      if (!std::ranges::count(levels_[*at].tensors, t))
        wrong_.error(keep->place, fmt::format("{} does not hold {}", name, data_space(t)),
                     fmt::format("on {} it is kept in {} and {}", machine_.name, machine_.buffer(t)->name,
                                 machine_.spad(t)->name));
    if (*at == 0 && !passing.empty())
      wrong_.error(bypass->place, fmt::format("{} bypasses {}", data_space(passing.front()), name),
                   "every tensor begins and ends there");
    bypasses_[*at] = passing;
  }

  [[nodiscard]] char letter(Dim d) const { return kDimNames[static_cast<std::size_t>(timeloop_dim(d, axes_))]; }

  std::optional<Dim> dim(std::string_view name, const Place& where) {
    const auto at = name.size() == 1 ? kDimNames.find(name.front()) : std::string_view::npos;
    if (at == std::string_view::npos) {
      wrong_.error(where, fmt::format("the dimension {} is not known", name), "known are C, M, R, S, N, P, Q, G");
      return std::nullopt;
    }
    return timeloop_dim(static_cast<Dim>(at), axes_);
  }

  /// `C=4 M=2 P=7,6`, `C4 M2`, or a list of such factors.
  void read_factors(const ForeignNode& node, Loops& out) {
    if (node.kind == ForeignNode::Kind::Scalar) return factor_text(node.text, node.place, out);
    for (const auto* entry : entries_of(node, "factors", wrong_))
      if (const auto text = text_of(*entry, "a factor", wrong_)) factor_text(*text, entry->place, out);
  }

  void factor_text(std::string_view text, const Place& where, Loops& out) {
    std::size_t at = 0;
    const auto skip = [&](std::string_view which) {
      while (at < text.size() && which.find(text[at]) != std::string_view::npos) ++at;
    };
    const auto take = [&](auto belongs) {
      const auto begin = at;
      while (at < text.size() && belongs(static_cast<unsigned char>(text[at]))) ++at;
      return text.substr(begin, at - begin);
    };
    const auto digit = [](unsigned char c) { return c >= '0' && c <= '9'; };
    const auto alpha = [](unsigned char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    for (skip(" ,"); at < text.size(); skip(" ,")) {
      const auto name = take(alpha);
      skip(" =");
      const auto all = take(digit);
      std::string_view last;
      if (at + 1 < text.size() && text[at] == ',' && digit(static_cast<unsigned char>(text[at + 1]))) {
        ++at;
        last = take(digit);
      }
      const auto number = parse_integer(all);
      const auto rest = last.empty() ? number : parse_integer(last);
      if (name.empty() || !number || !rest) {
        wrong_.error(where, fmt::format("\"{}\" is no list of factors", text), "write them like C=4 or P=7,6");
        return;
      }
      add_factor(name, *number, *rest, where, out);
    }
  }

  void add_factor(std::string_view name, std::int64_t all, std::int64_t last, const Place& where, Loops& out) {
    const auto d = dim(name, where);
    if (!d) return;
    Factor f{all, last};
    if (all == 0) f = {layer_.extent[*d], layer_.extent[*d]};
    if (f.last < 1 || f.last > f.all)
      wrong_.error(where, fmt::format("{}={},{}: the last time around is not between 1 and {}", name, all, last, f.all),
                   "write the whole factor first");
    else if (f.all > layer_.extent[*d])
      wrong_.error(
          where, fmt::format("{}={} is more than the {} of {} that the layer has", name, all, layer_.extent[*d], name),
          "make the factors multiply to the layer's extents");
    else if (!out.factors.emplace(*d, f).second)
      wrong_.error(where, fmt::format("the factor of {} stands here again", name), "give it once");
  }

  /// `CMRSNPQ`, `C, M` or a list of names.
  void read_order(const ForeignNode& node, Loops& out) {
    if (node.kind == ForeignNode::Kind::Scalar) {
      for (const char c : node.text)
        if (c != ' ' && c != ',') add_order(std::string(1, c), node.place, out);
      return;
    }
    for (const auto* entry : entries_of(node, "permutation", wrong_))
      if (const auto name = text_of(*entry, "an entry of permutation", wrong_)) add_order(*name, entry->place, out);
  }

  void add_order(const std::string& name, const Place& where, Loops& out) {
    const auto d = dim(name, where);
    if (d && std::ranges::count(out.order, *d))
      wrong_.error(where, fmt::format("{} stands twice in the permutation", name), "name it once");
    else if (d)
      out.order.push_back(*d);
  }

  /// Where a loop lies must be said if it has more than one trip; a single one that is left out lies outermost.
  void check_order(Loops& l, bool has_split) {
    std::vector<Dim> silent;
    for (const auto& [d, f] : l.factors)
      if (f.all > 1 && !std::ranges::count(l.order, d)) silent.push_back(d);
    if (silent.size() > 1 || (has_split && !silent.empty()))
      wrong_.error(l.where, fmt::format("the permutation leaves out {}, which has a factor", letter(silent.front())),
                   "name it; the innermost loop comes first");
    l.order.insert(l.order.end(), silent.begin(), silent.end());
  }

  /// Every loop, outermost first, with the slots in the order of the machine.
  template <class Visit>
  void each_slot(Visit visit) {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      visit(time_[i]);
      if (i == innermost_outside())
        for (auto& s : space_) visit(s);
    }
  }

  /// ((last0 - 1) * all1 + (last1 - 1)) * all2 + ... + 1 is the extent: all rounds are whole, only the last is short.
  void check_factors() {
    for (Dim d : kAllDims) {
      double reached = 0, product = 1;
      each_slot([&](const Loops& l) {
        const auto it = l.factors.find(d);
        if (it == l.factors.end()) return;
        reached = reached * static_cast<double>(it->second.all) + static_cast<double>(it->second.last - 1);
        product *= static_cast<double>(it->second.all);
      });
      if (product > 1e15)
        wrong_.error(place_, fmt::format("the factors of {} multiply to more than 1e15", letter(d)),
                     "make them smaller");
      if (reached + 1 != static_cast<double>(layer_.extent[d]))
        wrong_.error(
            place_,
            fmt::format("the factors of {} make {}, and the layer has {}", letter(d), reached + 1, layer_.extent[d]),
            "a last, shorter round is written like P=7,6");
    }
  }

  void build() {
    inside_ = Extents{};
    each_slot([&](const Loops& l) {
      for (auto& [d, f] : l.factors) inside_[d] *= f.all;
    });
    left_ = layer_.extent;
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      hold(i);
      emit(time_[i], false);
      if (i != innermost_outside()) continue;
      hold_late();
      for (auto& s : space_) emit(s, true);
      array_begins_ = result_.mapping.nest.size();
    }
    hold_late();
  }

  void hold(std::size_t i) {
    std::vector<Operand> here, passing;
    for (Operand t : levels_[i].tensors) (std::ranges::count(bypasses_[i], t) ? passing : here).push_back(t);
    if (!here.empty()) hold(i, here, result_.mapping.nest);
    if (passing.empty()) return;
    hold(i, passing, late_);
    for (Operand t : passing)
      result_.notes.push_back(fmt::format("{} bypasses {} in the file; {} keeps it there, with the smallest tile",
                                          data_space(t), levels_[i].name, machine_.name));
  }

  void hold(std::size_t i, const std::vector<Operand>& tensors, std::vector<NestEntry>& into) {
    auto entry = keep(levels_[i].name, tensors);
    entry.where = time_[i].given ? time_[i].where : place_;
    into.push_back(std::move(entry));
  }

  /// Memories that a tensor bypasses in the file come innermost, where they hold least.
  void hold_late() {
    for (auto& entry : late_) result_.mapping.nest.push_back(std::move(entry));
    late_.clear();
  }

  void emit(Loops& l, bool spatial_loops) {
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

  const YamlDocument& document_;
  const LayerNest& layer_;
  const Architecture& machine_;
  TimeloopAxes axes_;
  std::vector<TimeloopLevel> levels_;
  std::vector<TimeloopFanout> fanouts_;
  std::vector<Loops> time_, space_;
  std::vector<std::vector<Operand>> bypasses_;
  Diagnostics wrong_;
  Place place_;
  TimeloopMapping result_;
  std::vector<NestEntry> late_;
  std::size_t array_begins_ = 0;
  Extents inside_, left_;
};

}  // namespace

TimeloopMapping read_timeloop_mapping(const YamlDocument& document, const LayerNest& layer, const Architecture& machine,
                                      const TimeloopContext& context) {
  return MappingReader{document, layer, machine, context}.read();
}

}  // namespace eyrie
