import type { Messages } from '../messages'

export const depth: Pick<Messages, 'depth'> = {
  depth: {
    view: '看哪些数据',
    views: { now: '本次运行', before: '训练之前' },
    activations: '激活值方差',
    gradients: '梯度方差',
    infinite: '不是有限数',
    how: '用初始权重在 64 张图像上统计：各层输出的方差及其梯度的方差。',
    aria: '训练之前 {count} 层的激活值与梯度的方差',
    activationsSingle: '激活值：只有一个 Linear 层，途中无从损失。',
    gradientsSingle: '梯度：只有一个 Linear 层，途中无从损失。',
    activationsTrend: {
      keeps: '激活值处于可训练的范围：每过一个 Linear 变为 {factor} 倍。',
      shrinks: '激活值消失：每过一个 Linear 变为 {factor} 倍。',
      grows: '激活值爆炸：每过一个 Linear 变为 {factor} 倍。',
      overflows: '激活值超出数的范围。',
    },
    gradientsTrend: {
      keeps: '梯度处于可训练的范围：向输入方向每个 Linear 变为 {factor} 倍。',
      shrinks: '梯度消失：向输入方向每个 Linear 变为 {factor} 倍，前几层学不到东西。',
      grows: '梯度爆炸：向输入方向每个 Linear 变为 {factor} 倍，最初几步会过大。',
      overflows: '梯度超出数的范围。',
    },
  },
}
