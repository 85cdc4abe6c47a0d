#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "app/calibrate_command.hpp"

namespace eyrie {

namespace {

using Json = nlohmann::json;

std::string unit_of(const CalibrationTerm& t) {
  return t.per == Per::Word ? fmt::format("pJ/word of {} b", t.at.count()) : fmt::format("pJ/{}", name_of(t.per));
}

/// The factor that is left of the prior's: one standard deviation.
double factor_left(const FittedTerm& t) { return std::pow(t.term.factor, t.remaining); }

std::string terms(const Calibrated& c) {
  std::string text = fmt::format("{:<13} {:>8} {:>5} {:>9} {:>5} {:>6}  {:<16} ", "term", "prior", "x/:", "fitted",
                                 "x/:", "moved", "unit");
  for (const auto& p : c.powers) text += fmt::format("{:>7.7}", p.layer);
  text += "  mW\n";
  for (const auto& t : c.terms) {
    text +=
        fmt::format("{:<13.13} {:>8.4g} {:>5.3g} {:>9.4g} {:>5.3g} {:>+6.2f}  {:<16} ", t.term.name,
                    t.term.prior.count(), t.term.factor, t.fitted.count(), factor_left(t), t.moved, unit_of(t.term));
    for (const double mw : t.mw) text += fmt::format("{:>7.1f}", mw);
    text += "\n";
  }
  text += fmt::format("{:<69} ", "prices of the base table");
  for (const double mw : c.rest_mw) text += fmt::format("{:>7.1f}", mw);
  return text + "\n";
}

std::string power_row(const PowerRow& p, double tolerance) {
  const bool within = std::abs(p.error_percent()) <= tolerance;
  return fmt::format(
      "{:<13} {:>9.0f} {:>9.1f} {:>9.1f} {:>+8.1f} %  {}\n", p.layer, p.published_mw, p.prior_mw, p.ours_mw,
      p.error_percent(),
      p.fitted ? std::string("fitted") : fmt::format("held out, {} {} %", within ? "within" : "NOT WITHIN", tolerance));
}

std::string powers(const Calibrated& c) {
  std::string text =
      fmt::format("{:<13} {:>9} {:>9} {:>9} {:>10}\n", "mW on chip", "published", "by priors", "ours", "error");
  for (const auto& p : c.powers) text += power_row(p, c.tolerance.layer_percent);
  if (c.average) text += power_row(*c.average, c.tolerance.average_percent);
  return text;
}

std::string figures(const Calibrated& c) {
  std::string text =
      fmt::format("{:<42} {:<7} {:>11} {:>8}\n", "other published figures", "layer", "published", "ours");
  for (const auto& f : c.figures)
    text += fmt::format("{:<42.42} {:<7} {:>11} {:>8}  {}{}\n", f.what, f.layer.empty() ? "all" : f.layer,
                        fmt::format("{}{:.1f}{}", f.at_most ? "<= " : "", f.published, f.unit.empty() ? "  " : " %"),
                        fmt::format("{:.1f}{}", f.ours, f.unit.empty() ? "  " : " %"), f.fitted ? "fitted; " : "",
                        f.source);
  return text;
}

Json row_json(const PowerRow& p, double tolerance) {
  return {{"layer", p.layer},
          {"published_mw", p.published_mw},
          {"prior_mw", p.prior_mw},
          {"ours_mw", p.ours_mw},
          {"error_percent", p.error_percent()},
          {"fitted", p.fitted},
          {"tolerance_percent", tolerance}};
}

Json term_json(const Calibrated& c, const FittedTerm& t) {
  Json actions = Json::array(), mw = Json::object();
  for (const Priced a : t.term.actions) actions.push_back(std::string(name_of(a)));
  for (std::size_t i = 0; i < t.mw.size(); ++i) mw[c.powers[i].layer] = t.mw[i];
  return {{"name", t.term.name},
          {"component", t.term.component},
          {"actions", actions},
          {"per", std::string(name_of(t.term.per))},
          {"at_bits", t.term.at.count()},
          {"prior_pj", t.term.prior.count()},
          {"prior_factor", t.term.factor},
          {"prior_source", t.term.source},
          {"prior_confidence", std::string(name_of(t.term.confidence))},
          {"prior_note", t.term.note},
          {"fitted_pj", t.fitted.count()},
          {"fitted_factor", factor_left(t)},
          {"moved", t.moved},
          {"power_mw", mw}};
}

}  // namespace

std::string to_table(const Calibrated& c) {
  std::string text = fmt::format("{}: {} terms, {} of {} powers fitted\n\n", c.name, c.terms.size(),
                                 std::ranges::count(c.powers, true, &PowerRow::fitted), c.powers.size());
  text += terms(c) + "\n" + powers(c) + "\n";
  if (!c.figures.empty()) text += figures(c) + "\n";
  const auto& f = c.fit;
  text += "x/: one standard deviation, before and after; moved: from the prior, in those before.\n";
  text += f.converged ? fmt::format("converged: {} starts agree within 1e-6 of a standard deviation", f.starts)
                      : fmt::format("NOT CONVERGED: {} starts differ by {:.1e} standard deviations, slope {:.1e}",
                                    f.starts, f.disagreement, f.steepest);
  text += fmt::format("; cost {:.3f}, {:.3f} of it from priors\n", f.prior_cost + f.data_cost, f.prior_cost);
  if (!c.figures_met()) text += "NOT MET: a fitted figure is more than three widths from what was published\n";
  return text;
}

std::string to_json(const Calibrated& c) {
  Json j{{"schema", "eyrie.calibration/1"},
         {"name", c.name},
         {"energy_table", c.table.name},
         {"ok", c.ok()},
         {"terms", Json::array()},
         {"powers", Json::array()},
         {"figures", Json::array()},
         {"fit",
          {{"converged", c.fit.converged},
           {"starts", c.fit.starts},
           {"evaluations", c.fit.evaluations},
           {"disagreement", c.fit.disagreement},
           {"steepest", c.fit.steepest},
           {"prior_cost", c.fit.prior_cost},
           {"data_cost", c.fit.data_cost}}}};
  for (const auto& t : c.terms) j["terms"].push_back(term_json(c, t));
  for (const auto& p : c.powers) j["powers"].push_back(row_json(p, c.tolerance.layer_percent));
  j["rest_mw"] = Json::object();
  for (std::size_t i = 0; i < c.rest_mw.size(); ++i) j["rest_mw"][c.powers[i].layer] = c.rest_mw[i];
  if (c.average) j["average"] = row_json(*c.average, c.tolerance.average_percent);
  for (const auto& f : c.figures)
    j["figures"].push_back({{"what", f.what},
                            {"layer", f.layer},
                            {"published", f.published},
                            {"ours", f.ours},
                            {"unit", f.unit},
                            {"at_most", f.at_most},
                            {"width", f.width},
                            {"fitted", f.fitted},
                            {"source", f.source},
                            {"note", f.note}});
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace eyrie
