#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "explore/profile.hpp"

namespace eyrie {

namespace {

/// Okabe and Ito's colours, told apart also by who sees fewer of them; then others.
constexpr const char* kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
                                    "#56b4e9", "#000000", "#999999", "#8b4513", "#6a3d9a"};

constexpr double kSide = 300, kLeft = 70, kTop = 40, kGap = 90, kLegend = 34;

std::string escaped(const std::string& text) {
  std::string all;
  for (const char c : text) all += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return all;
}

/// Decades that values lie in; at least one.
struct LogAxis {
  double low = 0, high = 1;
  explicit LogAxis(const std::vector<double>& values) {
    const auto [least, most] = std::ranges::minmax(values);
    low = std::floor(std::log10(least));
    high = std::max(low + 1, std::ceil(std::log10(most)));
  }
  /// 0 to 1.
  [[nodiscard]] double place(double value) const { return (std::log10(value) - low) / (high - low); }
};

struct Panel {
  std::string title, below;
  std::vector<double> x;  ///< by layer; 0: no point
  bool diagonal = false;  ///< the line where both are alike
};

class Picture {
 public:
  explicit Picture(const Profile& p) : p_{p}, cycles_{each([](const ProfiledLayer& l) { return l.of.cycles; })} {
    std::set<std::string> kinds;
    for (const auto& l : p.layers) kinds.insert(l.of.kind);
    kinds_.assign(kinds.begin(), kinds.end());
  }

  std::string svg() {
    const Panel panels[] = {{fmt::format("rank correlation {:.3f}", p_.cycles_by_macs), "MACs",
                             each([](const ProfiledLayer& l) { return l.of.features[0]; })},
                            {fmt::format("rank correlation {:.3f}", p_.cycles_by_parameters), "parameters",
                             each([](const ProfiledLayer& l) { return static_cast<double>(l.parameters); })},
                            {fmt::format("mean error of layers left out {:.1f} %", 100 * p_.error_of_tree),
                             "cycles by the tree", each([&](const ProfiledLayer& l) { return p_.tree(l.of); }), true}};
    const double width = kLeft + 3 * kSide + 2 * kGap + 20, height = kTop + kSide + 50 + kLegend;
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" height=\"{1:g}\" "
        "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{0:g}\" height=\"{1:g}\" fill=\"#ffffff\"/>\n",
        width, height);
    double left = kLeft;
    for (const auto& panel : panels) {
      draw(panel, left);
      left += kSide + kGap;
    }
    legend(kTop + kSide + 50 + kLegend / 2);
    return text_ + "</svg>\n";
  }

 private:
  template <class Of>
  [[nodiscard]] std::vector<double> each(Of of) const {
    std::vector<double> all;
    for (const auto& l : p_.layers) all.push_back(of(l));
    return all;
  }
  [[nodiscard]] const char* colour(const std::string& kind) const {
    const auto i = static_cast<std::size_t>(std::ranges::find(kinds_, kind) - kinds_.begin());
    return kColours[i % std::size(kColours)];
  }
  void label(double x, double y, const char* anchor, const std::string& text, const std::string& more = {}) {
    text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, more,
                         escaped(text));
  }
  void line(double x1, double y1, double x2, double y2, const char* stroke) {
    text_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", x1, y1, x2,
                         y2, stroke);
  }
  static std::string power(double decade) { return fmt::format("1e{:g}", decade); }

  void axes(const LogAxis& x, const LogAxis& y, double left) {
    const double bottom = kTop + kSide;
    for (double d = x.low; d <= x.high; ++d) {
      const double at = left + kSide * (d - x.low) / (x.high - x.low);
      line(at, kTop, at, bottom, "#e5e5e5");
      label(at, bottom + 16, "middle", power(d));
    }
    for (double d = y.low; d <= y.high; ++d) {
      const double at = bottom - kSide * (d - y.low) / (y.high - y.low);
      line(left, at, left + kSide, at, "#e5e5e5");
      label(left - 6, at + 4, "end", power(d));
    }
    text_ +=
        fmt::format("<rect x=\"{:g}\" y=\"{:g}\" width=\"{:g}\" height=\"{:g}\" fill=\"none\" stroke=\"#555555\"/>\n",
                    left, kTop, kSide, kSide);
  }

  void draw(const Panel& panel, double left) {
    std::vector<double> shown;
    for (const double x : panel.x)
      if (x > 0) shown.push_back(x);
    if (shown.empty()) shown = {1};
    if (panel.diagonal) shown.insert(shown.end(), cycles_.begin(), cycles_.end());
    const LogAxis x{shown}, y{panel.diagonal ? shown : cycles_};
    const double bottom = kTop + kSide;
    axes(x, y, left);
    if (panel.diagonal) line(left, bottom, left + kSide, kTop, "#999999");
    for (std::size_t i = 0; i < panel.x.size(); ++i) {
      if (panel.x[i] <= 0) continue;
      const auto& l = p_.layers[i];
      text_ += fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\" fill-opacity=\"0.65\"><title>{} {}: {:.4g} cycles, "
          "{:.4g} MACs</title></circle>\n",
          left + kSide * x.place(panel.x[i]), bottom - kSide * y.place(cycles_[i]), colour(l.of.kind),
          escaped(l.workload), escaped(l.layer), l.of.cycles, l.of.features[0]);
    }
    label(left + kSide / 2, kTop - 12, "middle", panel.title);
    label(left + kSide / 2, bottom + 36, "middle", panel.below);
    if (left <= kLeft)
      label(0, 0, "middle", "cycles", fmt::format(" transform=\"translate(16 {:.1f}) rotate(-90)\"", kTop + kSide / 2));
  }

  void legend(double y) {
    double x = kLeft;
    for (const auto& kind : kinds_) {
      text_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"{}\"/>\n", x, y, colour(kind));
      label(x + 10, y + 4, "start", kind);
      x += 34 + 7.2 * static_cast<double>(kind.size());
    }
  }

  const Profile& p_;
  std::vector<double> cycles_;
  std::vector<std::string> kinds_;
  std::string text_;
};

std::string row(const Profile& p, const Disagreement& d) {
  const auto& l = p.layers[d.layer];
  const auto [cause, share] = l.dominant();
  return fmt::format(
      "<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.4g}</td><td>{}</td><td>{:.6g}</td><td>{}</td><td>{}</td>"
      "<td>{:.3g}</td><td>{}</td><td>{:.4g}</td><td>{:.4g}</td></tr>\n",
      escaped(l.workload), escaped(l.layer), escaped(l.of.kind), l.of.features[0], l.parameters, l.of.cycles,
      d.rank_by_cycles, d.rank_by_macs, d.factor,
      cause.empty() ? std::string("none") : fmt::format("{:.0f} % {}", 100 * share, cause), p.by_macs(l.of),
      p.tree(l.of));
}

}  // namespace

std::string to_svg(const Profile& p) { return Picture{p}.svg(); }

std::string to_html(const Profile& p) {
  std::string text = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Cycles of layers on {0}</title>\n"
      "<style>body{{font-family:sans-serif;max-width:1200px;margin:2em auto;padding:0 1em}}table{{border-collapse:"
      "collapse;font-size:13px}}td,th{{border-bottom:1px solid #ccc;padding:2px 8px;text-align:left}}td:nth-child(n+4)"
      "{{text-align:right}}svg{{max-width:100%;height:auto}}pre{{background:#f4f4f4;padding:1em;overflow:auto}}</style>"
      "</head><body>\n<h1>Cycles of layers on {0}</h1>\n<p>Cycles {1}. Hover a point for its layer.</p>\n",
      escaped(p.machine), escaped(p.fidelity));
  text += to_svg(p);
  for (const auto& line : findings(p)) text += "<p>" + escaped(line) + "</p>\n";
  text += fmt::format(
      "<h2>The tree</h2>\n<pre>{}</pre>\n<h2>Layers, by how much they disagree with their MACs</h2>\n"
      "<table><tr><th>workload</th><th>layer</th><th>kind</th><th>MACs</th><th>parameters</th><th>cycles</th>"
      "<th>rank by cycles</th><th>rank by MACs</th><th>cycles a MAC over the median</th>"
      "<th>PE-cycles without a MAC, most</th><th>by MACs</th><th>by the tree</th></tr>\n",
      escaped(to_text(p.tree)));
  for (const auto& d : p.disagreements) text += row(p, d);
  return text + "</table></body></html>\n";
}

}  // namespace eyrie
