#include "interchange/timeloop_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "interchange/foreign_map.hpp"

namespace eyrie {

namespace {

constexpr std::string_view kLetters = "CMRSNPQ";
constexpr std::int64_t kMostStride = 1'000'000;

/// `R * Wdilation` of an expression; without a coefficient `by` is empty.
struct Term {
  std::string dim, by;
  Place where;
};
using Rank = std::vector<Term>;  // a sum of terms: one coordinate of a tensor

class ProblemReader {
 public:
  explicit ProblemReader(const YamlDocument& document) : document_{document} {}

  TimeloopProblem read() {
    ForeignMap problem{timeloop_part(document_, "problem"), "problem", wrong_};
    check_timeloop_version(problem, wrong_);
    const auto* shape = problem.required("shape", "its dimensions and data spaces");
    if (shape) read_shape(*shape);
    const auto* instance = problem.required("instance", "the extents of its dimensions");
    if (instance) read_instance(*instance);
    problem.finish();
    wrong_.raise_if_any();
    return problem_;
  }

 private:
  void read_shape(const ForeignNode& node) {
    ForeignMap shape{node, "problem.shape", wrong_};
    if (const auto* name = shape.optional("name"))
      problem_.name = text_of(*name, "problem.shape.name", wrong_).value_or("");
    if (const auto* dimensions = shape.required("dimensions", "like [C, M, R, S, N, P, Q]"))
      read_dimensions(*dimensions);
    wrong_.raise_if_any();  // without its dimensions nothing else can be judged
    if (const auto* coefficients = shape.optional("coefficients")) read_coefficients(*coefficients);
    if (const auto* spaces = shape.required("data_spaces", "Weights, Inputs and Outputs")) read_data_spaces(*spaces);
    shape.finish();
  }

  void read_dimensions(const ForeignNode& node) {
    for (const auto* entry : entries_of(node, "problem.shape.dimensions", wrong_)) {
      const auto name = text_of(*entry, "a dimension", wrong_);
      if (!name) continue;
      if (name->size() != 1 || kDimNames.find(name->front()) == std::string_view::npos)
        wrong_.error(entry->place, fmt::format("the dimension {} is not known", *name),
                     "a convolution has C, M, R, S, N, P, Q and, with groups, G");
      else if (dimensions_.find(*name) != std::string::npos)
        wrong_.error(entry->place, fmt::format("the dimension {} stands here again", *name), "name it once");
      else
        dimensions_ += *name;
    }
    for (const char d : kLetters)
      if (d != 'N' && dimensions_.find(d) == std::string::npos)
        wrong_.error(node.place, fmt::format("the dimension {} is missing", d),
                     "a convolution has C, M, R, S, P and Q; write those that it doesn't use with extent 1");
  }

  void read_coefficients(const ForeignNode& node) {
    for (const auto* entry : entries_of(node, "problem.shape.coefficients", wrong_)) {
      ForeignMap coefficient{*entry, "a coefficient", wrong_};
      const auto* name = coefficient.required("name", "like Wstride");
      const auto* value = coefficient.optional("default");
      const auto text = name ? text_of(*name, "the name of a coefficient", wrong_) : std::nullopt;
      if (text) {
        coefficients_[*text] = std::nullopt;
        if (value)
          coefficients_[*text] = whole_of(*value, fmt::format("the default of {}", *text), 1, wrong_, kMostStride);
      }
      coefficient.finish();
    }
  }

  void read_data_spaces(const ForeignNode& node) {
    std::map<std::string, bool> seen{{"Weights", false}, {"Inputs", false}, {"Outputs", false}};
    for (const auto* entry : entries_of(node, "problem.shape.data_spaces", wrong_)) {
      ForeignMap space{*entry, "a data space", wrong_};
      const auto* name = space.required("name", "Weights, Inputs or Outputs");
      const auto text = name ? text_of(*name, "the name of a data space", wrong_) : std::nullopt;
      const auto* projection = space.required("projection", "the dimensions that index it");
      const auto* writes = space.optional("read_write");
      space.finish();
      if (!text) continue;
      if (!seen.contains(*text)) {
        wrong_.error(name->place, fmt::format("the data space {} is not known", *text),
                     did_you_mean(*text, std::vector<std::string_view>{"Weights", "Inputs", "Outputs"}));
        continue;
      }
      if (std::exchange(seen[*text], true))
        wrong_.error(name->place, fmt::format("the data space {} stands here again", *text), "describe it once");
      const bool written = writes && truth_of(*writes, *text + ".read_write", wrong_).value_or(false);
      if (written != (*text == "Outputs"))
        wrong_.error(writes ? writes->place : entry->place,
                     fmt::format("{} is {}", *text, written ? "written" : "not written"),
                     written ? "only Outputs has `read_write: true`" : "write `read_write: true`");
      if (projection) check_projection(*text, *projection);
    }
    for (const auto& [name, there] : seen)
      if (!there) wrong_.error(node.place, fmt::format("the data space {} is missing", name), "describe all three");
  }

  std::vector<Rank> ranks_of(const std::string& space, const ForeignNode& node) {
    std::vector<Rank> ranks;
    for (const auto* rank : entries_of(node, fmt::format("the projection of {}", space), wrong_)) {
      if (rank->items.empty())
        wrong_.error(rank->place, fmt::format("a coordinate of {} has no term", space), "write [[C]]");
      ranks.emplace_back();
      for (const auto* term : entries_of(*rank, fmt::format("a coordinate of {}", space), wrong_)) {
        const auto names = texts_of(*term, fmt::format("a term of {}", space), wrong_);
        if (names.empty() || names.size() > 2) {
          wrong_.error(term->place, fmt::format("a term of {} has {} factors", space, names.size()),
                       "write [R] or [R, Wdilation]");
          continue;
        }
        ranks.back().push_back({names[0], names.size() == 2 ? names[1] : "", term->place});
        check_term(ranks.back().back());
      }
    }
    return ranks;
  }

  void check_term(const Term& t) {
    if (t.dim.size() != 1 || dimensions_.find(t.dim) == std::string::npos)
      wrong_.error(t.where, fmt::format("{} is no dimension of the shape", t.dim),
                   fmt::format("its dimensions are {}", fmt::join(dimensions_, ", ")));
    if (!t.by.empty() && !coefficients_.contains(t.by))
      wrong_.error(t.where, fmt::format("{} is no coefficient of the shape", t.by),
                   "list it in `coefficients` with its default");
  }

  void check_projection(const std::string& space, const ForeignNode& node) {
    std::string wanted = space == "Weights" ? "CMRS" : space == "Inputs" ? "NC" : "NMPQ";
    std::erase_if(wanted, [&](char d) { return d == 'N' && dimensions_.find(d) == std::string::npos; });
    if (dimensions_.find('G') != std::string::npos) wanted += 'G';
    const auto before = wrong_.all().size();
    const auto ranks = ranks_of(space, node);
    if (wrong_.all().size() != before) return;
    std::string single;
    std::vector<Rank> windows;
    for (const auto& rank : ranks) {
      if (rank.size() == 1 && rank.front().by.empty())
        single += rank.front().dim;
      else
        windows.push_back(rank);
    }
    std::ranges::sort(single);
    std::ranges::sort(wanted);
    if (space == "Inputs") read_windows(windows, node.place);
    if (single != wanted || (space != "Inputs" && !windows.empty()))
      wrong_.error(node.place, fmt::format("{} is not indexed as in a convolution", space),
                   space == "Inputs"
                       ? fmt::format("index it by {}, and by R with P and S with Q", fmt::join(wanted, ", "))
                       : fmt::format("index it by {}", fmt::join(wanted, ", ")));
  }

  /// The two coordinates of the input that a window slides over.
  void read_windows(const std::vector<Rank>& windows, const Place& place) {
    int found = 0;
    for (const auto& rank : windows) {
      const Term* filter = nullptr;
      const Term* output = nullptr;
      for (const auto& t : rank) {
        if (t.dim == "R" || t.dim == "S") filter = &t;
        if (t.dim == "P" || t.dim == "Q") output = &t;
      }
      if (rank.size() != 2 || !filter || !output || (filter->dim == "R") != (output->dim == "P")) {
        wrong_.error(rank.front().where, "this coordinate of Inputs is no window",
                     "write [[R, Wdilation], [P, Wstride]] and [[S, Hdilation], [Q, Hstride]]");
        return;
      }
      found += filter->dim == "R" ? 1 : 2;
      read_axes(*filter, *output);
      (filter->dim == "R" ? by_r_ : by_s_) = {filter->by, output->by};
    }
    if (found != 3)
      wrong_.error(place, "Inputs has not the two windows of a convolution",
                   "write [[R, Wdilation], [P, Wstride]] and [[S, Hdilation], [Q, Hstride]]");
  }

  /// Wstride says that a window moves along a row. Names that begin with neither W nor H leave Timeloop's own order.
  void read_axes(const Term& filter, const Term& output) {
    for (const auto* t : {&filter, &output}) {
      const char first = t->by.empty() ? ' ' : t->by.front();
      if (first != 'W' && first != 'H') continue;
      const auto axes = (first == 'W') == (filter.dim == "R") ? TimeloopAxes::PIsColumns : TimeloopAxes::PIsRows;
      if (!std::exchange(axes_known_, true))
        problem_.axes = axes;
      else if (axes != problem_.axes)
        wrong_.error(t->where, fmt::format("{} goes with {}, and the others go the other way", t->by, t->dim),
                     "pair P and R with W, Q and S with H");
    }
  }

  void read_instance(const ForeignNode& node) {
    ForeignMap instance{node, "problem.instance", wrong_};
    for (const char letter : dimensions_) {
      const std::string name(1, letter);
      const auto* value = instance.required(name, "the extent of a dimension");
      const auto extent = value ? whole_of(*value, instance.path(name), 1, wrong_) : std::nullopt;
      if (extent) problem_.nest.extent[timeloop_dim(static_cast<Dim>(kDimNames.find(letter)), problem_.axes)] = *extent;
    }
    for (auto& [name, value] : coefficients_)
      if (const auto* given = instance.optional(name))
        value = whole_of(*given, instance.path(name), 1, wrong_, kMostStride);
    if (const auto* densities = instance.optional("densities");
        densities && !(densities->kind == ForeignNode::Kind::Map && densities->entries.empty()))
      wrong_.error(densities->place, "densities are not read", "leave them out; a layer's zeros are in its data");
    instance.finish();
    const bool swapped = problem_.axes == TimeloopAxes::PIsColumns;
    auto& n = problem_.nest;
    n.dilation = {value_of(swapped ? by_s_.first : by_r_.first, node.place),
                  value_of(swapped ? by_r_.first : by_s_.first, node.place)};
    n.stride = {value_of(swapped ? by_s_.second : by_r_.second, node.place),
                value_of(swapped ? by_r_.second : by_s_.second, node.place)};
    double macs = 1;
    for (const auto extent : n.extent.of) macs *= static_cast<double>(extent);
    if (macs > 9e15) wrong_.error(node.place, "the problem has more than 9e15 MACs", "make it smaller");
  }

  std::int64_t value_of(const std::string& coefficient, const Place& place) {
    if (coefficient.empty()) return 1;
    const auto it = coefficients_.find(coefficient);
    if (it == coefficients_.end()) return 1;
    if (!it->second && wrong_.empty())
      wrong_.error(place, fmt::format("{} has neither a value nor a default", coefficient),
                   fmt::format("write `{}: 1`", coefficient));
    return it->second.value_or(1);
  }

  const YamlDocument& document_;
  Diagnostics wrong_;
  TimeloopProblem problem_;
  std::string dimensions_;
  std::map<std::string, std::optional<std::int64_t>> coefficients_;
  std::pair<std::string, std::string> by_r_, by_s_;  // coefficients of filter and output in the windows of R and S
  bool axes_known_ = false;
};

}  // namespace

TimeloopProblem read_timeloop_problem(const YamlDocument& document) { return ProblemReader{document}.read(); }

std::string timeloop_problem_text(const LayerNest& layer, const std::string& name) {
  if (!layer.has_weights())
    throw InputError({name, 0, 0}, "a pooling layer has no Timeloop problem", "give a conv or fully_connected layer");
  const bool groups = layer.extent[Dim::G] > 1;
  const std::string g = groups ? ", [[G]]" : "";
  std::string text = fmt::format(
      "problem:\n  version: 0.4\n  shape:\n    name: {}\n    dimensions: [C, M, R, S, N, P, Q{}]\n    coefficients:\n",
      as_scalar(name), groups ? ", G" : "");
  for (const auto* c : {"Wstride", "Hstride", "Wdilation", "Hdilation"})
    text += fmt::format("    - {{name: {}, default: 1}}\n", c);
  text += fmt::format(
      "    data_spaces:\n    - name: Weights\n      projection: [[[C]], [[M]], [[R]], [[S]]{0}]\n"
      "    - name: Inputs\n      projection: [[[N]], [[C]], [[R, Wdilation], [P, Wstride]], [[S, Hdilation], [Q, "
      "Hstride]]{0}]\n"
      "    - name: Outputs\n      projection: [[[N]], [[M]], [[P]], [[Q]]{0}]\n      read_write: True\n  instance:\n",
      g);
  for (const char letter : std::string(kLetters) + (groups ? "G" : "")) {
    const auto d = timeloop_dim(static_cast<Dim>(kDimNames.find(letter)), TimeloopAxes::PIsColumns);
    text += fmt::format("    {}: {}\n", letter, layer.extent[d]);
  }
  text += fmt::format("    Wstride: {}\n    Hstride: {}\n    Wdilation: {}\n    Hdilation: {}\n", layer.stride.columns,
                      layer.stride.rows, layer.dilation.columns, layer.dilation.rows);
  return text;
}

std::string timeloop_workload_text(const TimeloopProblem& problem) {
  const auto& l = problem.nest;
  const auto& x = l.extent;
  const auto name = as_scalar(problem.name.empty() ? "layer" : problem.name);
  return fmt::format(
      "# From a Timeloop v4 problem. Its batch is {} (N); in Eyrie the batch is the experiment's.\n"
      "kind: workload\nname: {}\nsource: Timeloop v4 problem\ninputs:\n"
      "- {{name: data, channels: {}, rows: {}, columns: {}}}\nlayers:\n"
      "- {{name: {}, type: conv, inputs: [data], out_channels: {}, groups: {}, kernel: {{rows: {}, columns: {}}}, "
      "stride: "
      "{{rows: {}, columns: {}}}, dilation: {{rows: {}, columns: {}}}, bias: false}}\n",
      x[Dim::N], name, x[Dim::G] * x[Dim::C], l.padded_rows(), l.padded_columns(), name, x[Dim::G] * x[Dim::M],
      x[Dim::G], x[Dim::R], x[Dim::S], l.stride.rows, l.stride.columns, l.dilation.rows, l.dilation.columns);
}

}  // namespace eyrie
