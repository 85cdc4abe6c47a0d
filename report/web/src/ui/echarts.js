/** The parts of Apache ECharts that the page uses, and no others. */

import { use, init } from 'echarts/core';
import { BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent, VisualMapContinuousComponent } from 'echarts/components';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, GridComponent, MarkLineComponent, TooltipComponent,
  VisualMapContinuousComponent, LabelLayout, SVGRenderer]);

export { init };
