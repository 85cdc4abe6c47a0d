#include <fmt/format.h>

#include <algorithm>

#include "dataflows/dataflow.hpp"

namespace eyrie {

using enum Dim;
using enum Operand;

namespace {

using Dims = std::vector<Dim>;

std::string in_words(const Dims& dims) {
  std::string text;
  for (Dim d : dims) text += (text.empty() ? "" : " ") + std::string(name_of(d));
  return text;
}

template <class Keep>
Dims those(const Dims& dims, Keep keep) {
  Dims some;
  std::ranges::copy_if(dims, std::back_inserter(some), keep);
  return some;
}

std::string plural(const Dims& dims, std::string_view one, std::string_view several) {
  return fmt::format("{} {}", in_words(dims), dims.size() == 1 ? one : several);
}

/// A dataflow's lists as a mapping can use them: C, R, S never along x, whole dimensions in one place only.
class Nest {
 public:
  explicit Nest(const Dataflow& flow) : flow_{flow} {
    const auto whole = [&](Dim d) { return flow.allows(flow.whole_in_pe, d) || flow.allows(flow.whole_on_y, d); };
    outside_ = those({kAllDims.begin(), kAllDims.end()}, [&](Dim d) { return !whole(d); });
    x_ = those(flow.x, [&](Dim d) { return is_relevant(d, Output) && !whole(d); });
    y_ = those(flow.y, [&](Dim d) { return is_relevant(d, Output) && !flow.allows(flow.whole_in_pe, d); });
    sums_ = those(flow.y, [&](Dim d) { return !is_relevant(d, Output) && !flow.allows(flow.whole_in_pe, d); });
    pe_ = those(flow.pe, [&](Dim d) { return !flow.allows(flow.whole_on_y, d); });
  }

  std::string loops() {
    add(0, outside_.empty() ? "" : "for " + in_words(outside_), "tiles outside the array, loops in any order");
    add(2, x_.empty() ? "" : "par-for x: " + in_words(x_), "columns of PEs" + filled(x_));
    const auto both = in_words(y_) + (y_.empty() || sums_.empty() ? "" : ", ") + in_words(sums_);
    add(2, both.empty() ? "" : "par-for y: " + both, rows_note());
    in_pe();
    return aligned();
  }

  std::string stays(Operand t) const {
    return fmt::format("  {:<6}  in a PE       {}\n          in the array  {}\n          in a buffer   {}\n",
                       name_of(t), in_pe_words(t), in_array_words(t), in_buffer_words(t));
  }

 private:
  struct Line {
    std::string code, note;
  };

  void add(std::size_t indent, const std::string& code, std::string note) {
    if (!code.empty()) lines_.push_back({std::string(indent, ' ') + code, std::move(note)});
  }

  std::string rows_note() const {
    std::string note = "rows of PEs";
    if (!flow_.whole_on_y.empty()) note += fmt::format("; all of {}, an element a row", in_words(flow_.whole_on_y));
    if (!sums_.empty()) note += fmt::format("; psums are summed up the column over {}", in_words(sums_));
    if (!flow_.y_pools.empty()) note += fmt::format("; in pools {} instead", in_words(flow_.y_pools));
    return note + filled(those(flow_.y, [&](Dim d) { return !in(x_, d); }));
  }

  /// Which of these are spread as far as they go.
  std::string filled(const Dims& dims) const {
    const auto full = those(dims, [&](Dim d) { return flow_.allows(flow_.fill, d); });
    return full.empty() ? "" : fmt::format("; {} over as many as there are", in_words(full));
  }

  /// Keeps and loops of a PE: a loop stands inside the keep of the tensor that it makes no difference to.
  void in_pe() {
    const auto whole =
        flow_.whole_in_pe.empty() ? "" : fmt::format("all of {} in every pass", in_words(flow_.whole_in_pe));
    std::size_t indent = 4;
    Dims rest = pe_;
    if (flow_.longest) {
      const auto t = *flow_.longest;
      add(indent, fmt::format("[PE: {}]", name_of(t)), "outermost: its words stay longest");
      Dims again = those(pe_, [&](Dim d) { return !is_relevant(d, t); });
      rest = those(pe_, [&](Dim d) { return is_relevant(d, t); });
      add(indent, again.empty() ? "" : "for " + in_words(again), "here or further in");
      if (!again.empty()) indent += 2;
    }
    std::string others;
    for (Operand t : kAllOperands)
      if (t != flow_.longest) others += (others.empty() ? "" : ", ") + std::string(name_of(t));
    add(indent, fmt::format("[PE: {}]", others), "in any order; each outside the loops that use its words again");
    add(indent, rest.empty() ? "" : "for " + in_words(rest), whole);
    if (rest.empty() && !whole.empty()) lines_.back().note += "; " + whole;
    add(indent + (rest.empty() ? 0 : 2), "psum += input x weight", "");
  }

  std::string aligned() const {
    std::size_t width = 0;
    for (const auto& l : lines_) width = std::max(width, l.code.size());
    std::string text;
    for (const auto& l : lines_)
      text += l.note.empty() ? l.code + "\n" : fmt::format("{:{}}   {}\n", l.code, width, l.note);
    return text;
  }

  bool in(const Dims& dims, Dim d) const { return std::ranges::count(dims, d) > 0; }

  std::string in_pe_words(Operand t) const {
    const auto own = those(pe_, [&](Dim d) { return is_relevant(d, t); });
    const auto again = those(pe_, [&](Dim d) { return !is_relevant(d, t); });
    auto text = own.empty() ? std::string("one word") : "words of " + in_words(own);
    const bool all_pass = t == flow_.longest || own.empty();
    if (pe_.empty()) return text + ", for one step";
    if (all_pass) text += ", the whole pass";
    if (!again.empty())
      text += fmt::format("{}while {}", all_pass ? ", " : "; each stays ", plural(again, "goes by", "go by"));
    else if (!all_pass)
      text += "; each is used in one step";
    const bool slides = t == Input && ((in(pe_, P) && in(pe_, R)) || (in(pe_, Q) && in(pe_, S)));
    return text + (slides ? ", and while windows slide over it" : "");
  }

  std::string in_array_words(Operand t) const {
    if (t == Output)
      return sums_.empty() ? "every PE has psums of its own"
                           : fmt::format("psums go up the column and are summed over {}", in_words(sums_));
    Dims spread = x_;
    for (const auto& axis : {y_, sums_})
      for (Dim d : axis)
        if (!in(spread, d)) spread.push_back(d);
    std::vector<std::string> same;
    if (const auto free = those(spread, [&](Dim d) { return !is_relevant(d, t); }); !free.empty())
      same.push_back(fmt::format("PEs that differ in {} alone", in_words(free)));
    if (t == Input && in(spread, P) && in(spread, R)) same.emplace_back("PEs whose P and R meet in a row");
    if (t == Input && in(spread, Q) && in(spread, S)) same.emplace_back("PEs whose Q and S meet in a column");
    auto text = same.empty() ? std::string("every PE gets words of its own") : joined(same) + " get the same words";
    if (const auto later = in_other_steps(spread); t == Input && !later.empty())
      text += fmt::format("; neighbours along {} in other steps", in_words(later));
    return text;
  }

  static std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& p : parts) text += (text.empty() ? "" : ", ") + p;
    return text;
  }

  /// Of each window one dimension is spread and the other runs in the PEs: windows of neighbours overlap.
  Dims in_other_steps(const Dims& spread) const {
    Dims some;
    for (const auto& [a, b] : {std::pair{P, R}, std::pair{R, P}, std::pair{Q, S}, std::pair{S, Q}})
      if (in(spread, a) && !in(spread, b) && in(pe_, b)) some.push_back(a);
    return some;
  }

  std::string in_buffer_words(Operand t) const {
    const auto again = those(outside_, [&](Dim d) { return !is_relevant(d, t); });
    if (t == Output)
      return again.empty()
                 ? "psums are finished in every pass"
                 : fmt::format("psums rest while loops over {} outside the array add to them", in_words(again));
    return again.empty()
               ? "a tile serves one pass"
               : fmt::format("a tile stays while loops over {} outside the array use it again", in_words(again));
  }

  const Dataflow& flow_;
  Dims outside_, x_, y_, sums_, pe_;  ///< sums_: reduced dimensions along y, inside of y_
  std::vector<Line> lines_;
};

}  // namespace

std::string to_text(const Dataflow& flow) {
  auto text = fmt::format("{}{}{}\n", flow.name, flow.title.empty() ? "" : ": ", flow.title);
  if (!flow.source.empty()) text += fmt::format("source: {}\n", flow.source);
  Nest nest{flow};
  text += "\n" + nest.loops() + "\nwhat stays where, and for how long\n";
  for (Operand t : kAllOperands) text += nest.stays(t);
  return text;
}

}  // namespace eyrie
