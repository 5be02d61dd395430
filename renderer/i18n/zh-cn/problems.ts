import type { Messages } from '../messages'

export const problems: Pick<Messages, 'problem' | 'deviceProblem' | 'documentProblem'> = {
  documentProblem: { notJson: '不是 JSON：{reason}' },
  deviceProblem: {
    unavailable: 'WebGPU 不可用：{reason}',
    noWebgpu: '这个版本的 Chromium 没有 WebGPU',
    noChromiumAdapter: 'Chromium 不提供 GPU：没有显卡、驱动太旧，或在此系统上被屏蔽',
    noAdapter: '没有 GPU 驱动应答',
    linesSearched:
      '{optimizer} 沿直线搜索，每次求值后都由 CPU 决定：它只能在 CPU 上运行；请换一个优化器或设备',
    statisticsAveraged:
      '带 BatchNorm1d 的网络求权重平均时，需要另算运行统计量，而这只在 CPU 上计算；请改用 LayerNorm，或换一个设备',
    noVulkanDriver:
      '没有 GPU 驱动通过 Vulkan 应答；请安装显卡的驱动（nvidia-smi 或 vulkaninfo 可查看它是否正常）',
    noVulkanLoader: '没有安装 Vulkan 加载器 {file}（Debian、Ubuntu：apt-get install libvulkan1）',
    badVulkanLoader: 'GRADIENT_WORKBENCH_VULKAN 指定的 {file} 无法加载',
    inElectron: '在 Electron 中 GPU 由隐藏窗口使用，而不是 webgpu 包',
    noPackage: 'webgpu 包无法使用：{reason}',
    onlySoftware:
      '只有软件适配器应答（{name}），它比 CPU 设备慢；若仍要使用，请在 VK_DRIVER_FILES 中指定它的驱动',
    noDevice: '{name} 拒绝提供设备：{reason}',
    notOpened: 'GPU 无法打开：{reason}',
    silent: 'GPU 在 {seconds} 秒内没有应答',
    windowFailed: '用于 GPU 计算的窗口无法打开：{reason}',
    windowClosed: '用于 GPU 计算的窗口已关闭',
    bufferLimit:
      '{what}需要 {needed} MB 的缓冲区，而这块 GPU 最多允许 {allowed} MB：请减小网络或批大小，或改用 CPU',
    noMemory: 'GPU 没有 {needed} MB 显存来存放{what}：{reason}；请减小网络或批大小，或改用 CPU',
    kernelRefused: 'GPU 不接受内核 “{kernel}”：{reason}',
    commandRefused: 'GPU 拒绝了一条命令：{reason}',
    slowStart: 'GPU 在 {seconds} 秒内没有准备好这个网络',
    notFinite: '网络给出的值不是有限数，因此无法测量速度',
    lost: 'GPU 已丢失：{reason}',
    reset: 'GPU 被重置',
    noReason: '没有给出原因',
    givenBack: '设备已归还',
    gpuProcessEnded: 'GPU 进程已结束（{reason}，退出码 {code}）',
    windowProcessEnded: '在 GPU 上计算的进程已结束（{reason}，退出码 {code}）',
    windowGone: '在 GPU 上计算的进程已结束',
    threadFailed: '计算线程出错：{reason}',
    threadEnded: '计算线程已结束，退出码 {code}',
    helperEnded: '一个计算线程在一步中途结束（通常是内存不足）：请减少线程数',
    nowhere: '{reason}；之后：{second}',
    arena: '参数与激活值',
    images: '图像',
    table: '步骤表',
    order: '图像顺序',
    losses: '损失值',
    counters: '计数器',
    results: '返回的结果',
    copied: '被复制的数据',
    copy: '副本',
  },
  problem: {
    number: '必须是数字；现在是 {found}',
    whole: '必须是整数；现在是 {found}',
    atLeast: '不得小于 {limit}；现在是 {found}',
    above: '必须大于 {limit}；现在是 {found}',
    atMost: '不得大于 {limit}；现在是 {found}',
    below: '必须小于 {limit}；现在是 {found}',
    allowed: '可取：{values}；现在是 {found}',
    unknownType: '这里没有 {found}；可取：{values}',
    unknownFields: '没有字段 {names}；可取：{values}',
    missing: '缺少这一项',
    wrongKind: '类型不对；现在是 {found}',
    tooLong: '最多 {limit} 项或字符',
    tooDeep: '嵌套过深',
    version: '本程序读取第 1 版运行规格，现在是 {found}',
    batchSize: '必须是不小于 1 的整数，或 "full"',

    valSize: 'valSize 必须小于 trainSize：验证集是从这些图像中分出来的',
    rreluBounds: 'lower 不得大于 upper',
    hardtanhBounds: 'minVal 必须小于 maxVal',
    uniformBounds: 'a 不得大于 b',
    truncatedBounds: 'a 必须小于 b',
    nesterov: 'Nesterov 动量要求 momentum > 0 且 dampening 为 0',
    etas: '必须是两个数，0 < etas[0] < 1 < etas[1]：缩小因子和放大因子',
    stepSizes: '必须是两个数，stepSizes[0] <= stepSizes[1]：最小步长和最大步长',
    noWeightDecay: '此优化器没有权重衰减：去掉 weightDecay，或换一个优化器',
    noGroups: '必须为空：与 torch 一样，LBFGS 对所有参数只有一个学习率',
    warmup: '必须小于 steps：预热之后余弦至少还要有一步',
    ascending: '必须按升序排列',
    noSchedulers: '至少要有一个调度器',
    milestoneCount: '必须比 schedulers 少一项：每一项是下一个调度器接手的位置',
    mixedIntervals: '按批步进的调度器（CyclicLR、OneCycleLR）不能与按轮步进的混用',

    tooManyParameters: '最多 {limit} 个参数；现在是 {found}',
    gluWidth: 'GLU 使宽度减半，所以宽度必须是偶数；现在是 {found}',
    preluWidth: '必须是 1 或输入宽度 {width}；现在是 {found}',
    residualWidth: '残差块把输入加到输出上，所以结尾必须有 {width} 个特征；现在是 {found}',
    singleImage: 'BatchNorm1d 的一批要有多于 1 张图像：增大批量，或改用 LayerNorm',
    singleImageLeft:
      'BatchNorm1d 的一批要有多于 1 张图像，而每轮最后一批只有 1 张（{images} 张图像，每批 {batch} 张）：丢弃最后一批，或改变批量',

    cpuOnly: '{optimizer} 只能在 CPU 上运行：换一个优化器，或把设备设为“自动”或“CPU”',
    cpuAverages:
      '带 BatchNorm1d 的网络的权重平均只在 CPU 上计算：改用 LayerNorm，或把设备设为“自动”或“CPU”',

    trainSize: '最多 {limit}，即 {data} 的训练图像数；现在是 {found}',
    inFeatures: '必须是 {pixels}，即 {data} 一张图像的像素数；现在是 {found}',
    outputs: '模型结尾必须有 {classes} 个输出，每类一个；现在是 {found}',
    classWeights: '需要 {classes} 个数，每类一个；现在是 {found} 个',
    noClassWeight: '至少要有一类的权重大于 0：全为 0 时损失是 0 / 0',
    ignoredImage:
      '{loss} 要除以一批图像的权重之和；一批只有 1 张、而它的类别不计入时，结果与 torch 一样是 0 / 0：请增大批量，或把 reduction 设为 "sum"',
    doubleSoftmax:
      '{loss} 需要未归一化的输出（logits）；经过 {layer} 之后梯度变小，学习变慢甚至停止。请删除 {layer} 层',
    doubleLogSoftmax:
      '{loss} 需要未归一化的输出（logits）；在 {layer} 之后它不改变任何东西。请删除 {layer} 层',
    lossInput: '{loss} 需要 {wanted} 的输出，现在是 {layer}：请以 {usual} 结尾',
    lossInputOrOther:
      '{loss} 需要 {wanted} 的输出，现在是 {layer}：请以 {usual} 结尾，或改用自带它的 {other}',
    notProbabilities:
      '{loss} 需要 0 到 1 的概率，而 {layer} 的输出可以是任何数，torch 也会拒绝：请以 {usual} 结尾，或改用自带它的 {other}',
    notPositive: '关闭 logInput 时输出是速率，负数没有对数：请以 {usual} 结尾，或打开 logInput',
    logTarget: '标签以概率 0 和 1 给出，而不是它们的对数',

    rpropBatches: 'Rprop 比较前后两次梯度的符号，小批量下符号会随机变化：请把批量设为 "full"',
    lbfgsBatches: 'LBFGS 用两次梯度之差估计曲率，小批量下那主要是噪声：请把批量设为 "full"',
    lbfgsDropout:
      'LBFGS 在一步里多次计算同一个损失并比较，{layer} 会随机改变它：删除该层，或换一个优化器',
    zeroRate: '学习率为 0 时权重不会改变；torch 中 {optimizer} 的默认值是 {usual}',
    muonGroup: 'Muon 只更新权重矩阵，这一组不匹配任何参数：请移到 optimizer.others.paramGroups',
    groupLayer: '第 {layer} 层没有可训练的参数；有参数的层：{layers}',

    noMomentum:
      '{scheduler} 要改变动量，而 {optimizer} 既没有 momentum 也没有 betas：关闭 cycleMomentum，或换一个优化器',
    momentumFromZero:
      '{scheduler} 会带动量训练，而 optimizer.momentum 为 0：若不要动量，请关闭 cycleMomentum',
    ownRates:
      '{scheduler} 给所有参数相同的学习率，所以 optimizer.paramGroups.{index} 的学习率不起作用',
    cycleTooShort: '周期有 {total} 步，而运行要走 {run} 步：留空即可与运行一致',
    cycleTooLong:
      '周期有 {total} 步，而运行在 {run} 步后结束，学习率还没降下来：留空即可与运行一致',
    riseOfOneStep: '共 {total} 步时上升恰好占一步，torch 会除以零：请取更大的值',
    cycleDownFirst: '小于 baseLr（{baseLr}），所以每个周期先下降',
    noMonitor: '没有验证图像就没有 {monitor}：设置 dataset.valSize（通常 5000），或监视 trainLoss',
    fallingIsBetter: '把 {monitor} 下降当作改进：应为 "max"',
    risingIsBetter: '把 {monitor} 上升当作改进：应为 "min"',
    cosineRises:
      '与 torch 一致，{epochs} 轮中的第 {tMax} 轮之后学习率会重新上升：若只要下降一次，请把 tMax 设为轮数',

    noStep:
      '一轮有 {images} 张图像，不足一批，而最后一批会被丢弃，所以一步也走不了：保留最后一批，或减小批量',
    neverAveraged: '运行在 {epochs} 轮后结束，所以不会有任何平均：请从第 {start} 轮开始',
  },
}
