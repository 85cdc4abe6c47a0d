#!/usr/bin/env bash
# Measures every validation suite and writes what came out into docs/validation.md, between its marks, and a plot a suite
# into docs/images: ours against published, and ours over published row by row.
#   scripts/validation_page.sh            measure, write, draw (some minutes)
#   scripts/validation_page.sh --draw     draw what was measured before
# gnuplot-nox is needed (a Debian package; not in scripts/packages.txt).
set -euo pipefail
cd "$(dirname "$0")/.."
page=docs/validation.md images=docs/images
rows=$images/validation.csv
command -v gnuplot > /dev/null || { echo "gnuplot is missing: apt-get install gnuplot-nox" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [[ "${1:-}" != --draw ]]; then
  cmake --preset release > /dev/null
  cmake --build --preset release --target eyrie > /dev/null
  build/release/eyrie validate --out "$scratch" || echo "rows are outside; the page says which" >&2
  awk -v file="$scratch/validation.md" '
    $0 == "<!-- suites -->" { print; print ""; while ((getline line < file) > 0) print line; skip = 1; next }
    $0 == "<!-- end of suites -->" { skip = 0 }
    !skip { print }' "$page" > "$scratch/page"
  cat "$scratch/page" > "$page"
  cat "$scratch/validation.csv" > "$rows"
fi

# The first fields of a CSV line are never quoted: suite, experiment, column, published, ours, error, verdict.
# points SUITE COLUMN: row of the suite, published, ours; rows published as 0 have no place on a logarithmic axis.
points() { awk -F, -v suite="$1" -v column="$2" 'NR > 1 && $1 == suite { ++n; if ($3 == column && $4 > 0 && $5 > 0) print n, $4, $5 }' "$rows"; }
outside() { awk -F, -v suite="$1" 'NR > 1 && $1 == suite { ++n; if ($7 == "OUTSIDE" && $4 > 0 && $5 > 0) print n, $4, $5 }' "$rows"; }

colours=("#1f5fa8" "#d9822b" "#3a8f4c" "#a03a8f" "#6b6b6b" "#8c6d31" "#17a2b8" "#e377c2" "#7a5195" "#2ca02c" "#bc5090" "#003f5c")
for suite in $(awk -F, 'NR > 1 && !seen[$1]++ { print $1 }' "$rows"); do
  against="x with lines lc rgb '#888888' notitle" over="1 with lines lc rgb '#888888' notitle" number=0
  for column in $(awk -F, -v suite="$suite" 'NR > 1 && $1 == suite && !seen[$3]++ { print $3 }' "$rows"); do
    points "$suite" "$column" > "$scratch/$suite.$column"
    [[ -s "$scratch/$suite.$column" ]] || continue
    look="with points pt 7 ps 0.6 lc rgb '${colours[number % 12]}'"
    against+=", '$scratch/$suite.$column' using 2:3 $look notitle"
    over+=", '$scratch/$suite.$column' using 1:(\$3/\$2) $look title '$column'"
    number=$((number + 1))
  done
  outside "$suite" > "$scratch/$suite.outside"
  [[ -s "$scratch/$suite.outside" ]] && over+=", '$scratch/$suite.outside' using 1:(\$3/\$2) with points pt 6 ps 1.4 lw 2 lc rgb '#b03030' title 'outside'"
  cat "$scratch/$suite".* > "$scratch/all"
  gnuplot <<END
set terminal svg size 1000,400 font 'Helvetica,12' background rgb 'white'
set output '$images/validation_$suite.svg'
set multiplot layout 1,2 title '$suite' noenhanced
set grid lc rgb '#dddddd' lt 1
stats '$scratch/all' using (\$3/\$2) name 'R' nooutput
stats '$scratch/all' using 2 name 'P' nooutput
set xlabel 'published'
set ylabel 'ours'
set logscale xy
set format '10^{%L}'
set xrange [P_min/3:P_max*3]
set yrange [P_min/3:P_max*3]
plot $against
unset logscale
set format '%g'
set xlabel 'row of the table'
set ylabel 'ours / published'
set xrange [0:*]
lowest = R_min < 0.8 ? R_min / 1.1 : 0.8
highest = R_max > 1.25 ? R_max * 1.1 : 1.2
if (highest / lowest > 2) { set logscale y; set ytics (0.125, 0.25, 0.5, 0.75, 1, 1.5, 2, 4, 8) }
set yrange [lowest:highest]
set key outside right top vertical Left reverse samplen 1 font ',10' noenhanced
plot $over
END
done
