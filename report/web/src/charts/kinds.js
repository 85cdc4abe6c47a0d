/** The parts of Apache ECharts that reports need besides. */

import { use } from 'echarts/core';
import { BarChart, HeatmapChart, SankeyChart } from 'echarts/charts';
import { MarkLineComponent, VisualMapContinuousComponent } from 'echarts/components';

use([BarChart, HeatmapChart, SankeyChart, MarkLineComponent, VisualMapContinuousComponent]);
