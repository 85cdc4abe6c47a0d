#include "energy/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/ensure.hpp"

namespace eyrie {

ActionCounts without_gating(const ActionCounts& counts, const Architecture& a) {
  const auto reads = [&](Operand t) { return counts.words(a.spad(t)->name, t, Action::Read); };
  ActionCounts all;
  for (const auto& row : counts.rows()) {
    const bool gated = row.action == Action::GatedMac;
    all.add(row.component, row.tensor, gated ? Action::Mac : row.action, row.words, row.bytes);
    if (!gated) continue;
    for (const auto& s : a.array.spads) {
      if (s.tensor == Operand::Input) continue;  // the zero was read
      // a filter word may have been read to find it zero; of its ifmap words every slot reads one
      const auto words = s.tensor == Operand::Weight ? reads(Operand::Input) - reads(Operand::Weight) : row.words;
      const auto bytes = bytes_of(words, a.width(s.tensor));
      all.add(s.name, s.tensor, Action::Read, words, bytes);
      if (s.tensor == Operand::Output) all.add(s.name, s.tensor, Action::Write, row.words, bytes);
    }
  }
  return all;
}

bool Calibrated::within_tolerance() const {
  const auto within = [](const PowerRow& row, double percent) { return std::abs(row.error_percent()) <= percent; };
  return std::ranges::all_of(powers,
                             [&](const PowerRow& p) { return p.fitted || within(p, tolerance.layer_percent); }) &&
         (!average || within(*average, tolerance.average_percent));
}

bool Calibrated::figures_met() const {
  return std::ranges::all_of(
      figures, [](const CalibratedFigure& f) { return !f.fitted || std::abs(f.ours - f.published) <= 3 * f.width; });
}

namespace {

using Select = std::function<bool(const EnergyLine&)>;

Affine operator-(Affine a, const Affine& b) {
  a.constant -= b.constant;
  for (std::size_t i = 0; i < b.slope.size(); ++i) a.slope[i] -= b.slope[i];
  return a;
}

/// The energy of layers as a function of the terms.
class Model {
 public:
  Model(const Calibration& c, const EnergyTable& base, const Architecture& a, const std::vector<CountedLayer>& layers)
      : c_{c}, a_{a}, layers_{layers}, table_{with_terms(base, c)}, term_of_(table_.prices.size()) {
    ensure(layers.size() == c.powers.size(), "a counted layer a power");
    for (std::size_t i = 0; i < table_.prices.size(); ++i) {
      const auto& p = table_.prices[i];
      const auto term = std::ranges::find_if(c.terms, [&](const CalibrationTerm& t) {
        return t.component == p.component && std::ranges::count(t.actions, p.action) > 0;
      });
      if (term != c.terms.end()) term_of_[i] = static_cast<std::size_t>(term - c.terms.begin());
    }
    for (const auto& l : layers) reports_.push_back(price(l.counts, l.time, a, table_));
  }

  /// In pJ, of the lines on chip that are chosen.
  [[nodiscard]] Affine energy(const EnergyReport& report, const Select& chosen) const {
    Affine all{.constant = 0, .slope = std::vector<double>(c_.terms.size())};
    for (const auto& line : report.lines) {
      if (kind_of(a_, line.component) == "dram" || !chosen(line)) continue;
      if (const auto term = term_of_[line.price])
        all.slope[*term] += line.energy / c_.terms[*term].prior;
      else
        all.constant += line.energy.count();
    }
    return all;
  }
  /// Of one layer, or of all together where none is named.
  [[nodiscard]] Affine energy(const std::string& layer, const Select& chosen) const {
    Affine all{.constant = 0, .slope = std::vector<double>(c_.terms.size())};
    for (std::size_t i = 0; i < layers_.size(); ++i)
      if (layer.empty() || layers_[i].name == layer) all += energy(reports_[i], chosen);
    return all;
  }
  /// Such that an energy over it is a power in mW.
  [[nodiscard]] Affine latency(const std::string& layer) const {
    Affine all;
    for (const auto& l : layers_)
      if (layer.empty() || l.name == layer) all.constant += 1e9 * time_of(l.time.cycles, a_.core()).count();
    return all;
  }
  /// The share of PE energy that gating saves: of what it would be without.
  [[nodiscard]] Measurement gating(const MeasuredGating& g) const {
    const Select in_pe = [&](const EnergyLine& line) {
      const auto kind = kind_of(a_, line.component);
      return kind == "array" || kind == "spad" || kind == "mac";
    };
    const auto l = std::ranges::find(layers_, g.layer, &CountedLayer::name);
    const auto ungated = energy(price(without_gating(l->counts, a_), l->time, a_, table_), in_pe);
    return {.part = ungated - energy(g.layer, in_pe), .whole = ungated, .published = g.percent / 100};
  }
  [[nodiscard]] Measurement share(const MeasuredShare& s) const {
    const auto chosen = [&](const std::vector<std::string>& names) {
      return [&names, this](const EnergyLine& line) {
        return std::ranges::any_of(names, [&](const std::string& name) {
          return name == line.component || name == kind_of(a_, line.component) ||
                 (is_of_time(table_.prices[line.price].action) && name == line.action);
        });
      };
    };
    for (const auto* names : {&s.of, &s.in})
      for (const auto& name : *names)
        if (std::vector<std::string> one{name}; empty(energy(s.layer, chosen(one))))
          throw InputError(s.where, fmt::format("{}: nothing on the chip that costs energy is called {}", s.what, name),
                           "name components or kinds of them, or clock, leakage, control");
    return {.part = energy(s.layer, chosen(s.of)),
            .whole = s.in.empty() ? energy(s.layer, everything) : energy(s.layer, chosen(s.in)),
            .published = s.percent / 100};
  }
  [[nodiscard]] Measurement power(const std::string& layer, Milliwatts published) const {
    return {.part = energy(layer, everything), .whole = latency(layer), .published = published.mw};
  }
  /// InputError for terms that cost nothing in any layer.
  void check_terms() const {
    Diagnostics wrong;
    const auto all = energy("", everything);
    for (std::size_t i = 0; i < c_.terms.size(); ++i)
      if (all.slope[i] == 0)
        wrong.error(c_.terms[i].where, fmt::format("no layer pays {}", c_.terms[i].name),
                    "a term is of actions that the run counts, and of no component whose own price comes first");
    wrong.raise_if_any();
  }
  static bool everything(const EnergyLine&) { return true; }
  static bool empty(const Affine& a) {
    return a.constant == 0 && std::ranges::all_of(a.slope, [](double s) { return s == 0; });
  }

 private:
  const Calibration& c_;
  const Architecture& a_;
  const std::vector<CountedLayer>& layers_;
  EnergyTable table_;
  std::vector<std::optional<std::size_t>> term_of_;  ///< by price
  std::vector<EnergyReport> reports_;
};

std::vector<double> priors_of(const Calibration& c) {
  std::vector<double> all;
  for (const auto& t : c.terms) all.push_back(t.prior.count());
  return all;
}

MapFit fit_of(const Calibration& c, const Model& model) {
  std::vector<Prior> priors;
  for (const auto& t : c.terms) priors.push_back({t.prior.count(), t.factor});
  std::vector<Measurement> measured;
  const auto add = [&](Measurement m, double width) {
    m.width = width;
    measured.push_back(std::move(m));
  };
  for (const auto& p : c.powers)
    if (p.width) add(model.power(p.layer, p.power), p.width->mw);
  for (const auto& s : c.shares)
    if (s.width) add(model.share(s), *s.width / 100);
  if (c.zero_gating && c.zero_gating->width) add(model.gating(*c.zero_gating), *c.zero_gating->width / 100);
  return fit(priors, measured);
}

/// Digits enough for a file, and fewer than two machines' arithmetic could differ in.
double rounded(double value) { return std::stod(fmt::format("{:.7g}", value)); }

std::vector<CalibratedFigure> figures_of(const Calibration& c, const Model& model, const std::vector<double>& x) {
  std::vector<CalibratedFigure> all;
  for (const auto& s : c.shares)
    all.push_back({.what = s.what,
                   .layer = s.layer,
                   .published = s.percent,
                   .ours = 100 * model.share(s)(x),
                   .unit = "%",
                   .at_most = s.at_most,
                   .fitted = s.width.has_value(),
                   .width = s.width.value_or(0),
                   .source = s.source,
                   .note = {}});
  if (const auto& g = c.zero_gating)
    all.push_back({.what = "zero gating saves of the PEs' power",
                   .layer = g->layer,
                   .published = g->percent,
                   .ours = 100 * model.gating(*g)(x),
                   .unit = "%",
                   .fitted = g->width.has_value(),
                   .width = g->width.value_or(0),
                   .source = g->source,
                   .note = g->note});
  const auto value = [&](const std::string& term) {
    return x[static_cast<std::size_t>(std::ranges::find(c.terms, term, &CalibrationTerm::name) - c.terms.begin())];
  };
  for (const auto& r : c.ratios)
    all.push_back({.what = r.what,
                   .layer = {},
                   .published = r.published,
                   .ours = value(r.of) / value(r.to),
                   .unit = {},
                   .source = r.source,
                   .note = {}});
  return all;
}

/// Three decimals, upwards: a width is not understated.
double up(double factor) { return std::ceil(factor * 1000) / 1000; }

/// Says in the table how well its figures are known. Each: a standard deviation of what the fit leaves of the prior's.
/// All together: as well as they give the powers, those that were held out among them.
void state_widths(Calibrated& all, const Architecture& a) {
  std::string source;
  for (const auto& t : all.terms)
    for (auto& p : all.table.prices)
      if (p.component == t.term.component && std::ranges::count(t.term.actions, p.action) > 0) {
        p.within = up(std::pow(t.term.factor, t.remaining));
        source = p.source;
      }
  const auto factor = [](const PowerRow& p) {
    return std::max(p.ours_mw / p.published_mw, p.published_mw / p.ours_mw);
  };
  const auto worst = std::ranges::max(all.powers, {}, factor);
  auto& known = all.table.known_sums.emplace_back();
  known.source = source;
  known.within = up(factor(worst));
  known.note = fmt::format("power of {}, {}: {:+.1f} %, the worst of {} layers", worst.layer,
                           worst.fitted ? "fitted" : "held out", worst.error_percent(), all.powers.size());
  known.machine = outline(a);
}

}  // namespace

Calibrated calibrate(const Calibration& c, const EnergyTable& base, const Architecture& a,
                     const std::vector<CountedLayer>& layers) {
  const Model model{c, base, a, layers};
  model.check_terms();
  Calibrated all{.name = c.name, .table = {}, .fit = fit_of(c, model), .tolerance = c.tolerance};
  auto& x = all.fit.x;
  for (auto& each : x) each = rounded(each);
  all.table = with_terms(base, c, x);
  for (std::size_t i = 0; i < c.terms.size(); ++i)
    all.terms.push_back({.term = c.terms[i],
                         .fitted = Picojoules{x[i]},
                         .moved = all.fit.moved[i],
                         .remaining = all.fit.remaining[i],
                         .mw = {}});
  const auto before = priors_of(c);
  const auto row = [&](const std::string& name, const std::string& layer, Milliwatts published, bool fitted) {
    const auto power = model.power(layer, published);
    return PowerRow{name, published.mw, power(before), power(x), fitted};
  };
  for (const auto& p : c.powers) {
    all.powers.push_back(row(p.layer, p.layer, p.power, p.width.has_value()));
    const auto energy = model.energy(p.layer, Model::everything);
    const auto per_mw = model.latency(p.layer).constant;
    for (std::size_t i = 0; i < x.size(); ++i) all.terms[i].mw.push_back(energy.slope[i] * x[i] / per_mw);
    all.rest_mw.push_back(energy.constant / per_mw);
  }
  if (c.average) all.average = row("average", "", c.average->power, false);
  state_widths(all, a);
  all.figures = figures_of(c, model, x);
  return all;
}

}  // namespace eyrie
