#include "energy/calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/ensure.hpp"
#include "energy/area.hpp"

namespace eyrie {

static Range more_than(double n) { return {.least = n, .least_excluded = true}; }
static Range percent() { return {.least = 0, .most = 100, .least_excluded = true}; }

static void describe(Fields& f, CalibrationTerm& t) {
  f.about("one energy that is fitted");
  f.place(t.where);
  f.required("name", t.name, "its name");
  f.required("component", t.component, "whose: a component's name, or a kind, as in an energy table");
  f.required("actions", t.actions, "which actions cost it");
  f.optional("per", t.per, "one what");
  f.optional("at", t.at, "word width that it is for", AtLeast(1));
  f.required("prior", t.prior, "what it is without the measurements", Positive());
  f.required("factor", t.factor, "one standard deviation of the prior: so many times more, or less", more_than(1));
  f.required("source", t.source, "where the prior comes from");
  f.required("confidence", t.confidence, "how much the prior can be trusted");
  f.optional("note", t.note, "how it was derived, or what to beware of");
}

static void describe(Fields& f, MeasuredPower& p) {
  f.about("a layer's measured power on chip, over its total latency");
  f.place(p.where);
  f.required("layer", p.layer, "a layer of the experiment");
  f.required("power", p.power, "without DRAM", Positive());
  f.optional("width", p.width, "one standard deviation of the measurement; left out, the layer is held out",
             Positive());
}

static void describe(Fields& f, MeasuredAverage& a) {
  f.about("measured power of the layers together, weighted by latency; held out");
  f.required("power", a.power, "without DRAM", Positive());
  f.optional("source", a.source, "where the figure comes from");
}

static void describe(Fields& f, CalibrationTolerance& t) {
  f.about("how far ours may be from what was held out");
  f.required("layer_percent", t.layer_percent, "of a layer's power", percent());
  f.required("average_percent", t.average_percent, "of the average power", percent());
}

static void describe(Fields& f, MeasuredShare& s) {
  f.about("which part of the power some components take");
  f.place(s.where);
  f.required("what", s.what, "a name for it");
  f.required("of", s.of, "names or kinds of components, or clock, leakage, control");
  f.optional("in", s.in, "the same; all on chip if left out");
  f.optional("layer", s.layer, "in this layer; in all together if left out");
  f.required("percent", s.percent, "published", percent());
  f.optional("at_most", s.at_most, "was it published as a limit?");
  f.optional("width", s.width, "one standard deviation in percent points; left out, it is only compared", Positive());
  f.required("source", s.source, "where the figure comes from");
}

static void describe(Fields& f, MeasuredGating& g) {
  f.about("what gating of zeros saves of the PEs' power");
  f.place(g.where);
  f.required("layer", g.layer, "in this layer");
  f.required("percent", g.percent, "published", percent());
  f.optional("width", g.width, "one standard deviation in percent points; left out, it is only compared", Positive());
  f.required("source", g.source, "where the figure comes from");
  f.optional("note", g.note, "how it is read");
}

static void describe(Fields& f, MeasuredRatio& r) {
  f.about("one fitted energy in units of another; only compared");
  f.place(r.where);
  f.required("what", r.what, "a name for it");
  f.required("of", r.of, "a term");
  f.required("to", r.to, "the term in whose units");
  f.required("published", r.published, "the ratio", Positive());
  f.required("source", r.source, "where the figure comes from");
}

void describe(Fields& f, Calibration& c) {
  f.about("an energy table to be fitted to measured power");
  f.place(c.where);
  f.required("kind", c.kind, "`calibration`");
  f.required("name", c.name, "its name");
  f.optional("title", c.title, "what it is, in a line");
  f.required("experiment", c.experiment, "what was measured: a name under configs/experiments or a file");
  f.required("base", c.base,
             "table with the prices that no term replaces: a name under configs/technologies or a file");
  f.required("table", c.table, "name of the calibrated table");
  f.optional("table_title", c.table_title, "its title");
  f.required("source", c.source, "where the powers come from");
  f.required("powers", c.powers, "measured power by layer");
  f.optional("average", c.average, "measured power of these layers together");
  f.optional("tolerance", c.tolerance, "how far ours may be from what was held out");
  f.optional("zero_gating", c.zero_gating, "what gating of zeros saves");
  f.optional("shares", c.shares, "parts of the power");
  f.optional("ratios", c.ratios, "energies in units of each other");
  f.required("terms", c.terms, "what is fitted");
  f.optional("areas", c.areas, "areas of the chip, in place of the base table's");
  f.optional("known_areas", c.known_areas, "of what is known in sum better than in parts");
}

namespace {

/// Checks that need more than one entry.
class Checks {
 public:
  Checks(const Calibration& c, Diagnostics& wrong) : c_{c}, wrong_{wrong} {}

  void powers() {
    std::set<std::string> seen;
    bool fitted = false;
    for (const auto& p : c_.powers) {
      if (!seen.insert(p.layer).second)
        wrong_.error(p.where, fmt::format("{} is measured twice", p.layer), "keep one of the two");
      fitted = fitted || p.width.has_value();
    }
    if (!fitted)
      wrong_.error(c_.where, fmt::format("{} has no power to fit", c_.name), "give at least one of `powers` a width");
  }

  void terms() {
    std::set<std::string> names;
    std::set<std::pair<std::string, Priced>> prices;
    if (c_.terms.empty()) wrong_.error(c_.where, fmt::format("{} has no terms", c_.name), "add what is to be fitted");
    for (const auto& t : c_.terms) {
      if (!names.insert(t.name).second)
        wrong_.error(t.where, fmt::format("there are two terms called {}", t.name), "names tell terms apart");
      if (t.actions.empty()) wrong_.error(t.where, fmt::format("{} is the energy of no action", t.name), "name one");
      if (t.source.empty())
        wrong_.error(t.where, fmt::format("the prior of {} has no source", t.name),
                     "say where it comes from, or that it is an assumption");
      if (t.component == "dram")
        wrong_.error(t.where, fmt::format("{} is an energy of DRAM", t.name), "the powers are the chip's alone");
      for (const Priced action : t.actions) check_price(t, action, prices);
    }
  }

  void others() {
    for (const auto& s : c_.shares) {
      if (s.of.empty()) wrong_.error(s.where, fmt::format("{} is a share of nothing", s.what), "name a component");
      if (!s.layer.empty()) layer(s.layer, s.where);
      if (s.at_most && s.width)
        wrong_.error(s.where, fmt::format("{} is a limit, and a fit would pull the share up to it", s.what),
                     "leave `width` out");
    }
    if (c_.zero_gating) layer(c_.zero_gating->layer, c_.zero_gating->where);
    for (const auto& r : c_.ratios)
      for (const auto& name : {r.of, r.to})
        if (std::ranges::find(c_.terms, name, &CalibrationTerm::name) == c_.terms.end())
          wrong_.error(r.where, fmt::format("there is no term called {}", name), did_you_mean(name, term_names()));
  }

 private:
  void check_price(const CalibrationTerm& t, Priced action, std::set<std::pair<std::string, Priced>>& prices) {
    if (!prices.insert({t.component, action}).second)
      wrong_.error(t.where, fmt::format("{} of {} is in two terms", name_of(action), t.component),
                   "keep one of the two");
    if (action == Priced::Static)
      wrong_.error(t.where, fmt::format("{} fits static", t.name), "fit clock, leakage and control apart");
    else if (const auto right = right_per(action, t.per); !right.empty())
      wrong_.error(t.where, fmt::format("{} is priced per {}", name_of(action), name_of(t.per)), std::string(right));
  }
  void layer(const std::string& name, const Place& where) {
    std::vector<std::string_view> known;
    for (const auto& p : c_.powers) known.push_back(p.layer);
    if (!std::ranges::count(known, name))
      wrong_.error(where, fmt::format("{} has no measured power", name), did_you_mean(name, known));
  }
  [[nodiscard]] std::vector<std::string_view> term_names() const {
    std::vector<std::string_view> all;
    for (const auto& t : c_.terms) all.push_back(t.name);
    return all;
  }

  const Calibration& c_;
  Diagnostics& wrong_;
};

}  // namespace

Calibration read_calibration(const YamlDocument& document) {
  auto c = read_yaml<Calibration>(document);
  Diagnostics wrong;
  if (c.kind != "calibration")
    wrong.error(document.place_of("kind"), fmt::format("kind is {}, and a calibration was wanted", c.kind),
                "write `kind: calibration`");
  Checks checks{c, wrong};
  checks.powers();
  checks.terms();
  checks.others();
  EnergyTable areas;
  areas.areas = c.areas;
  areas.known_sums = c.known_areas;
  check_areas(areas, wrong);
  wrong.raise_if_any();
  return c;
}

/// What a calibrated price says of its origin.
static void tell_origin(Price& p, const CalibrationTerm& t, const Calibration& c) {
  std::vector<std::string> fitted;
  for (const auto& m : c.powers)
    if (m.width) fitted.push_back(m.layer);
  p.source = fmt::format("calibrated on {} of {}", fmt::join(fitted, ", "), c.source);
  p.confidence = Confidence::Derived;
  p.note = fmt::format("prior {} pJ within x{}, {} ({}){}{}; now x{:.3f}", t.prior.count(), t.factor, t.source,
                       name_of(t.confidence), t.note.empty() ? "" : ": ", t.note, p.energy / t.prior);
}

/// The calibration's areas in place of the base table's; then known sums of nothing go.
static void take_areas(EnergyTable& table, const Calibration& c) {
  if (!c.areas.empty()) {
    table.areas = c.areas;
    std::erase_if(table.known_sums, [](const KnownSum& k) { return k.area.has_value(); });
    table.known_sums.insert(table.known_sums.end(), c.known_areas.begin(), c.known_areas.end());
  }
  std::erase_if(table.known_sums, [&](const KnownSum& k) {
    return !k.area && std::ranges::count(table.prices, k.source, &Price::source) == 0;
  });
}

EnergyTable with_terms(const EnergyTable& base, const Calibration& c, const std::vector<double>& energies_pj) {
  ensure(energies_pj.empty() || energies_pj.size() == c.terms.size(), "an energy a term");
  EnergyTable table = base;
  table.name = c.table;
  table.title = c.table_title;
  table.where = c.where;
  std::vector<Price> fitted;
  bool time = false;
  for (std::size_t i = 0; i < c.terms.size(); ++i)
    for (const Priced action : c.terms[i].actions) {
      const auto& t = c.terms[i];
      fitted.push_back({.component = t.component,
                        .action = action,
                        .energy = energies_pj.empty() ? t.prior : Picojoules{energies_pj[i]},
                        .per = t.per,
                        .at = t.at,
                        .source = t.source,
                        .confidence = t.confidence,
                        .note = t.note,
                        .where = t.where});
      if (!energies_pj.empty()) tell_origin(fitted.back(), t, c);
      time = time || is_of_time(action);
    }
  std::erase_if(table.prices, [&](const Price& p) {
    return (time && p.action == Priced::Static) || std::ranges::any_of(fitted, [&](const Price& f) {
             return f.component == p.component && f.action == p.action;
           });
  });
  table.prices.insert(table.prices.end(), fitted.begin(), fitted.end());
  take_areas(table, c);
  return table;
}

}  // namespace eyrie
