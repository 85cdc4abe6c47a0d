#include "interchange/timeloop_directives.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/quantities.hpp"

namespace eyrie {

std::size_t TimeloopDirectives::innermost_outside() const {
  std::size_t last = 0;
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (!levels[i].inside) last = i;
  return last;
}

char timeloop_letter(Dim d, TimeloopAxes axes) { return kDimNames[static_cast<std::size_t>(timeloop_dim(d, axes))]; }

namespace {

class DirectiveReader {
 public:
  DirectiveReader(const LayerNest& l, const Architecture& a, const TimeloopContext& c, Diagnostics& wrong)
      : layer_{l}, machine_{a}, axes_{c.axes}, wrong_{wrong} {
    all_.levels = timeloop_levels(a);
    all_.fanouts = c.fanouts;
    const auto any = std::numeric_limits<std::int64_t>::max();
    if (all_.fanouts.empty()) all_.fanouts = {{a.array.name + "_rows", 1, any}, {a.array.name + "_columns", any, 1}};
    if (!std::ranges::count(all_.fanouts, a.array.name, &TimeloopFanout::name))
      all_.fanouts.push_back({a.array.name, any, any});
    all_.time.resize(all_.levels.size());
    all_.space.resize(all_.fanouts.size());
    all_.bypasses.resize(all_.levels.size());
  }

  TimeloopDirectives read(const YamlDocument& document) {
    const auto& list = timeloop_part(document, "mapping");
    all_.where = list.place;
    for (const auto* entry : entries_of(list, "mapping", wrong_)) directive(*entry);
    return std::move(all_);
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
    for (std::size_t i = 0; i < all_.fanouts.size(); ++i)
      if (name == all_.fanouts[i].name || name == fmt::format("inter_{}_spatial", all_.fanouts[i].name)) return i;
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::size_t> level(const std::string& name) const {
    const auto it = std::ranges::find(all_.levels, name, &TimeloopLevel::name);
    if (it == all_.levels.end()) return std::nullopt;
    return static_cast<std::size_t>(it - all_.levels.begin());
  }

  void unknown_target(const ForeignNode& target, const std::string& name, bool with_fanouts) {
    std::vector<std::string_view> known;
    for (const auto& l : all_.levels) known.push_back(l.name);
    for (const auto& f : all_.fanouts)
      if (with_fanouts) known.push_back(f.name);
    wrong_.error(target.place, fmt::format("{} has no level called {}", machine_.name, name),
                 did_you_mean(name, known));
  }

  void loops(ForeignMap& d, const ForeignNode& target, const std::string& name, bool spatial) {
    const auto at_level = level(name);
    const auto at_fanout = fanout(name);
    TimeloopLoops read;
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
          wrong_.error(d.place(), fmt::format("{} has a temporal loop over {}", name, timeloop_letter(dim, axes_)),
                       "the array holds no tile; put the loop at the memory above");
      return;
    }
    if (spatial && at_level && !at_fanout && *at_level == all_.innermost_outside())
      return put(all_.space.back(), read, d);
    if (spatial && at_fanout) {
      check_mesh(all_.fanouts[*at_fanout], read);
      return put(all_.space[*at_fanout], read, d);
    }
    if (spatial && at_level)
      wrong_.error(target.place, fmt::format("there are no instances to spread over below {}", name),
                   fmt::format("spread loops at {}", machine_.array.name));
    else if (at_level)
      put(all_.time[*at_level], read, d);
    else
      unknown_target(target, name, spatial);
  }

  void check_mesh(const TimeloopFanout& f, const TimeloopLoops& l) {
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

  void put(TimeloopLoops& slot, const TimeloopLoops& read, const ForeignMap& d) {
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
      if (!std::ranges::count(all_.levels[*at].tensors, t))
        wrong_.error(keep->place, fmt::format("{} does not hold {}", name, data_space(t)),
                     fmt::format("on {} it is kept in {} and {}", machine_.name, machine_.buffer(t)->name,
                                 machine_.spad(t)->name));
    if (*at == 0 && !passing.empty())
      wrong_.error(bypass->place, fmt::format("{} bypasses {}", data_space(passing.front()), name),
                   "every tensor begins and ends there");
    all_.bypasses[*at] = passing;
  }

  std::optional<Dim> dim(std::string_view name, const Place& where) {
    const auto at = name.size() == 1 ? kDimNames.find(name.front()) : std::string_view::npos;
    if (at == std::string_view::npos) {
      wrong_.error(where, fmt::format("the dimension {} is not known", name), "known are C, M, R, S, N, P, Q, G");
      return std::nullopt;
    }
    return timeloop_dim(static_cast<Dim>(at), axes_);
  }

  /// `C=4 M=2 P=7,6`, `C4 M2`, or a list of such factors.
  void read_factors(const ForeignNode& node, TimeloopLoops& out) {
    if (node.kind == ForeignNode::Kind::Scalar) return factor_text(node.text, node.place, out);
    for (const auto* entry : entries_of(node, "factors", wrong_))
      if (const auto text = text_of(*entry, "a factor", wrong_)) factor_text(*text, entry->place, out);
  }

  void factor_text(std::string_view text, const Place& where, TimeloopLoops& out) {
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

  void add_factor(std::string_view name, std::int64_t all, std::int64_t last, const Place& where, TimeloopLoops& out) {
    const auto d = dim(name, where);
    if (!d) return;
    TimeloopFactor f{all, last};
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
  void read_order(const ForeignNode& node, TimeloopLoops& out) {
    if (node.kind == ForeignNode::Kind::Scalar) {
      for (const char c : node.text)
        if (c != ' ' && c != ',') add_order(std::string(1, c), node.place, out);
      return;
    }
    for (const auto* entry : entries_of(node, "permutation", wrong_))
      if (const auto name = text_of(*entry, "an entry of permutation", wrong_)) add_order(*name, entry->place, out);
  }

  void add_order(const std::string& name, const Place& where, TimeloopLoops& out) {
    const auto d = dim(name, where);
    if (d && std::ranges::count(out.order, *d))
      wrong_.error(where, fmt::format("{} stands twice in the permutation", name), "name it once");
    else if (d)
      out.order.push_back(*d);
  }

  /// Where a loop lies must be said if it has more than one trip; a single one that is left out lies outermost.
  void check_order(TimeloopLoops& l, bool has_split) {
    std::vector<Dim> silent;
    for (const auto& [d, f] : l.factors)
      if (f.all > 1 && !std::ranges::count(l.order, d)) silent.push_back(d);
    if (silent.size() > 1 || (has_split && !silent.empty()))
      wrong_.error(
          l.where,
          fmt::format("the permutation leaves out {}, which has a factor", timeloop_letter(silent.front(), axes_)),
          "name it; the innermost loop comes first");
    l.order.insert(l.order.end(), silent.begin(), silent.end());
  }

  const LayerNest& layer_;
  const Architecture& machine_;
  TimeloopAxes axes_;
  Diagnostics& wrong_;
  TimeloopDirectives all_;
};

}  // namespace

TimeloopDirectives read_timeloop_directives(const YamlDocument& document, const LayerNest& layer,
                                            const Architecture& machine, const TimeloopContext& context,
                                            Diagnostics& wrong) {
  return DirectiveReader{layer, machine, context, wrong}.read(document);
}

}  // namespace eyrie
