#include "app/validate/suite.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/file_names.hpp"

namespace eyrie {

static void describe(Fields& f, CycleAction& a) {
  f.about("what a component does in a cycle");
  f.required("component", a.component, "its name");
  f.required("tensor", a.tensor, "whose words");
  f.required("action", a.action, "what it does");
  f.required("words", a.words, "how many words, or MACs", AtLeast(0));
}

static void describe(Fields& f, SuiteExperiment& e) {
  f.about("one thing to run");
  f.place(e.where);
  f.required("name", e.name, "what checks call it");
  f.optional("gauge", e.gauge, "how figures of ours come about");
  f.optional("architecture", e.run.architecture, "a machine: a name under configs/architectures or a file");
  f.optional("workload", e.run.workload, "a network: a name under configs/workloads or a file");
  f.optional("mappings", e.run.mappings, "a mapping file, or a name under configs/mappings");
  f.optional("batch", e.run.batch, "inputs processed together", Between(1, 4096));
  f.optional("seed", e.run.seed, "of all random data", AtLeast(0));
  f.optional("layers", e.run.layers, "only these layers");
  f.optional("dataflow", e.run.dataflow, "constraints on mappings: a name under configs/dataflows or a file");
  f.optional("objective", e.run.objective, "map every layer for this");
  f.optional("space", e.run.space, "mappings to choose from");
  f.optional("set", e.set, "values to change: PATH=VALUE, as with --set");
  f.optional("model", e.dataflow, "dataflow of the isca2016 model");
  f.optional("pes", e.pes, "PEs of the isca2016 model's machine", Between(1, 65536));
  f.optional("baseline", e.baseline, "a SIMD core: a name under configs/baselines or a file");
  f.optional("activity", e.activity, "of a cycle, for the gauge activity");
  f.optional(
      "relative_to", e.relative_to,
      "an experiment of the same gauge: of isca2016 the one whose energy a MAC counts as 1; of simulate the one that "
      "speedup and energy_gain are over");
}

static void describe(Fields& f, PublishedRow& r) {
  f.about("one published number");
  f.place(r.where);
  f.optional("experiment", r.experiment, "where it is not the check's");
  f.optional("layer", r.layer, "a layer, or `total` for all of them together");
  f.optional("geomean", r.geomean, "instead of a layer: the geometric mean over these");
  f.optional("label", r.label, "how the row is called, if not by its layer");
  f.required("published", r.published, "the number, in the column's unit");
  f.optional("times", r.times, "what was published is so many times what is run", Positive());
  f.optional("tolerance", r.tolerance, "where it differs from the check's");
  f.optional("source", r.source, "where it differs from the check's");
  f.optional("note", r.note, "how it was derived, or what to beware of");
  f.optional("confidence", r.confidence, "where it differs from the check's");
}

static void describe(Fields& f, Check& c) {
  f.about("published numbers of one column");
  f.place(c.where);
  f.optional("experiment", c.experiment, "whose; left out where each row names its own");
  f.required("column", c.column, "which figure of ours");
  f.required("source", c.source, "paper, table");
  f.required("confidence", c.confidence, "how much the published number can be trusted");
  f.required("tolerance", c.tolerance, "`exact`, `5 %`, `0.05` in the column's unit, `factor 2`, `shown`; `A or B`");
  f.optional("note", c.note, "what to beware of");
  f.required("rows", c.rows, "the numbers");
}

static void describe(Fields& f, NotReproduced& n) {
  f.about("a published figure that no row stands for");
  f.required("what", n.what, "the figure");
  f.required("reason", n.reason, "why not");
}

void describe(Fields& f, Suite& s) {
  f.about("published figures that ours are compared with");
  f.place(s.where);
  f.required("kind", s.kind, "`validation`");
  f.required("name", s.name, "its name");
  f.required("title", s.title, "what it is, in a line");
  f.required("source", s.source, "the publications");
  f.optional("about", s.about, "what the comparison rests on, in a paragraph");
  f.required("experiments", s.experiments, "what is run");
  f.required("checks", s.checks, "what the sources say");
  f.optional("not_reproduced", s.not_reproduced, "what the sources say and no row stands for");
}

namespace {

class SuiteCheck {
 public:
  SuiteCheck(const Suite& suite, Diagnostics& wrong) : suite_{suite}, wrong_{wrong} {}

  void experiments() {
    if (suite_.experiments.empty()) wrong_.error(suite_.where, "the suite has no experiments", "add one");
    name(suite_.where, suite_.name);
    for (const auto& e : suite_.experiments) {
      names_.push_back(e.name);
      name(e.where, e.name);
      unused(e);
      if (std::ranges::count(names_, e.name) > 1)
        wrong_.error(e.where, fmt::format("there are two experiments called {}", e.name), "rename one of them");
      if (e.gauge == Gauge::SimdCore && e.baseline.empty())
        wrong_.error(e.where, fmt::format("experiment {} has no baseline", e.name), "write `baseline: NAME`");
      if (e.gauge != Gauge::Isca2016 && e.gauge != Gauge::SimdCore && e.run.architecture.empty())
        wrong_.error(e.where, fmt::format("experiment {} has no architecture", e.name), "write `architecture: NAME`");
      if (e.gauge != Gauge::Activity && e.run.workload.empty())
        wrong_.error(e.where, fmt::format("experiment {} has no workload", e.name), "write `workload: NAME`");
    }
    for (const auto& e : suite_.experiments)
      if (!e.relative_to.empty()) relative(e);
  }

  void checks() {
    if (suite_.checks.empty()) wrong_.error(suite_.where, "the suite has no checks", "add one");
    for (const auto& c : suite_.checks) {
      if (c.rows.empty()) wrong_.error(c.where, fmt::format("the check of {} has no rows", c.column), "add one");
      if (!c.experiment.empty()) known(c.where, c.experiment);
      tolerance(c.where, c.tolerance);
      for (const auto& r : c.rows) {
        if (!r.experiment.empty()) known(r.where, r.experiment);
        if (c.experiment_of(r).empty())
          wrong_.error(r.where, "neither the row nor its check has an experiment", "write `experiment: NAME`");
        if (r.tolerance) tolerance(r.where, *r.tolerance);
        if (r.layer.empty() == r.geomean.empty())
          wrong_.error(r.where, "a row is of one layer or of a geometric mean",
                       "write either `layer: NAME` or `geomean: [NAMES]`");
        if (!r.geomean.empty() && r.label.empty())
          wrong_.error(r.where, "a mean has no layer's name", "write `label: NAME`");
      }
    }
  }

 private:
  /// Names go into files of columns and of pictures.
  void name(const Place& where, const std::string& text) {
    if (text.empty() || !std::ranges::all_of(text, is_plain))
      wrong_.error(where, fmt::format("{} is no name", text.empty() ? "nothing" : text),
                   "use letters, digits, _, - and .");
  }

  /// Keys that the experiment's gauge makes no use of.
  void unused(const SuiteExperiment& e) {
    using enum Gauge;
    const Experiment plain;
    struct Key {
      std::string_view name;
      bool given;
      std::vector<Gauge> used_by;
    };
    const Key keys[] = {{"architecture", !e.run.architecture.empty(), {Simulate, ClosedForm, Activity}},
                        {"workload", !e.run.workload.empty(), {Simulate, ClosedForm, Isca2016, SimdCore}},
                        {"mappings", !e.run.mappings.empty(), {Simulate, ClosedForm}},
                        {"batch", e.run.batch != plain.batch, {Simulate, ClosedForm, Isca2016, SimdCore}},
                        {"seed", e.run.seed != plain.seed, {Simulate}},
                        {"layers", !e.run.layers.empty(), {Simulate, ClosedForm, Isca2016, SimdCore}},
                        {"dataflow", !e.run.dataflow.empty(), {Simulate, ClosedForm}},
                        {"objective", e.run.objective.has_value(), {Simulate, ClosedForm}},
                        {"space", e.run.space.has_value(), {Simulate, ClosedForm}},
                        {"set", !e.set.empty(), {Simulate, ClosedForm, Activity}},
                        {"model", e.dataflow != isca2016::Dataflow{}, {Isca2016}},
                        {"pes", e.pes != SuiteExperiment{}.pes, {Isca2016}},
                        {"baseline", !e.baseline.empty(), {SimdCore}},
                        {"activity", !e.activity.empty(), {Activity}}};
    for (const auto& key : keys)
      if (key.given && !std::ranges::count(key.used_by, e.gauge))
        wrong_.error(e.where, fmt::format("gauge {} makes no use of {}", name_of(e.gauge), key.name),
                     "leave it out, or choose another gauge");
  }

  void relative(const SuiteExperiment& e) {
    known(e.where, e.relative_to);
    const auto other = std::ranges::find(suite_.experiments, e.relative_to, &SuiteExperiment::name);
    if (other == suite_.experiments.end()) return;
    if (e.gauge != Gauge::Simulate && e.gauge != Gauge::Isca2016)
      wrong_.error(e.where, fmt::format("gauge {} has no column that compares experiments", name_of(e.gauge)),
                   "leave `relative_to` out");
    else if (!other->relative_to.empty())
      wrong_.error(e.where, fmt::format("{} is itself relative to {}", e.relative_to, other->relative_to),
                   "choose an experiment that is relative to none");
    else if (other->gauge != e.gauge && !(e.gauge == Gauge::Simulate && other->gauge == Gauge::SimdCore))
      wrong_.error(
          e.where,
          fmt::format("{} has gauge {}, and {} has {}", e.name, name_of(e.gauge), e.relative_to, name_of(other->gauge)),
          "choose an experiment of the same gauge");
  }

  void known(const Place& where, const std::string& experiment) {
    if (!std::ranges::count(names_, experiment))
      wrong_.error(where, fmt::format("there is no experiment called {}", experiment),
                   did_you_mean(experiment, names_));
  }
  void tolerance(const Place& where, const std::string& text) {
    if (!parse_tolerance(text))
      wrong_.error(where, fmt::format("{} is no tolerance", text.empty() ? "nothing" : text),
                   "write exact, 5 %, 0.05 (in the column's unit), factor 2, shown, or two with `or` between them");
  }

  const Suite& suite_;
  Diagnostics& wrong_;
  std::vector<std::string_view> names_;
};

}  // namespace

Suite read_suite(const YamlDocument& document) {
  auto suite = read_yaml<Suite>(document);
  Diagnostics wrong;
  if (suite.kind != "validation")
    wrong.error(document.place_of("kind"), fmt::format("kind is {}, and a validation was wanted", suite.kind),
                "write `kind: validation`");
  SuiteCheck check{suite, wrong};
  check.experiments();
  check.checks();
  wrong.raise_if_any();
  for (auto& e : suite.experiments)
    for (auto* path : {&e.run.architecture, &e.run.workload, &e.run.mappings, &e.run.dataflow, &e.baseline})
      *path = Catalogue::beside(*path, document.name());
  return suite;
}

}  // namespace eyrie
